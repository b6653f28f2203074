import type { OutgoingMessage, SendOutcome } from '../channel.ts';
import type { Contents } from './contents.ts';
import { interactiveOf, type Interactive } from './interactive.ts';
import { numbered } from './numbered.ts';
import { outcomeOfError, outcomeOfSid } from './outcome.ts';
import type { MessageToCreate, Rest } from './rest.ts';
import { PATHS } from './routes.ts';

export interface Sending {
  rest: Rest;
  contents: Contents;
  now: () => Date;
  publicUrl: string;
  messagingServiceSid: string | undefined;
  /** `''` or `whatsapp:`. */
  prefix: string;
  /** The channel has buttons and lists. */
  interactive: boolean;
}

/** One attempt to send. Never throws; in doubt the outcome is `unknown` (spec: channels.md, outcome table). */
export async function sendMessage(
  sending: Sending,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<SendOutcome> {
  if (signal.aborted) return { kind: 'not-sent', failure: 'provider-unreachable', code: 'aborted' };
  const envelope = envelopeOf(sending, message);
  if (message.template) {
    const { id, variables } = message.template;
    const contentVariables = JSON.stringify(variables);
    return attempt(sending, { ...envelope, contentSid: id, contentVariables }, signal);
  }
  const interactive = sending.interactive && message.choices ? interactiveOf(message.text, message.choices) : null;
  if (interactive) {
    const outcome = await sendInteractive(sending, envelope, interactive, signal);
    if (outcome) return outcome;
  }
  return attempt(sending, { ...envelope, body: bodyOf(sending, message) }, signal);
}

/** The text as it reads without buttons. Where the channel has none, splitting has numbered it already. */
export function bodyOf(sending: Pick<Sending, 'interactive'>, message: OutgoingMessage): string {
  const text = message.text.replaceAll('\0', '');
  return sending.interactive ? numbered(text, message.choices) : text;
}

/** Null: nothing went out and the numbered text should. Only a certain refusal of the resource itself leads there. */
async function sendInteractive(
  sending: Sending,
  envelope: MessageToCreate,
  interactive: Interactive,
  signal: AbortSignal,
): Promise<SendOutcome | null> {
  const contentSid = await sending.contents.sidFor(interactive);
  if (contentSid === null || signal.aborted) return null;
  const contentVariables = JSON.stringify(interactive.variables);
  const outcome = await attempt(sending, { ...envelope, contentSid, contentVariables }, signal);
  if (outcome.kind !== 'refused' || outcome.failure !== 'our-bug') return outcome;
  await sending.contents.forget(interactive);
  return null;
}

async function attempt(sending: Sending, message: MessageToCreate, signal: AbortSignal): Promise<SendOutcome> {
  if (signal.aborted) return { kind: 'not-sent', failure: 'provider-unreachable', code: 'aborted' };
  try {
    return outcomeOfSid(await sending.rest.createMessage(message, signal));
  } catch (error) {
    return outcomeOfError(error, sending.now());
  }
}

function envelopeOf(sending: Sending, message: OutgoingMessage): MessageToCreate {
  const { prefix, messagingServiceSid: service } = sending;
  const fromService = message.from === '' || message.from === service;
  return {
    to: prefix + message.to,
    ...(!fromService && { from: prefix + message.from }),
    ...(service && prefix === '' && { messagingServiceSid: service }),
    statusCallback: `${sending.publicUrl}${PATHS.status}?ref=${encodeURIComponent(message.ref)}`,
  };
}
