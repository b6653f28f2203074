import type { Channel, OutgoingMessage, SendOutcome } from '../channel.ts';

/** Ends an attempt that is under way. */
export type Abort = () => void;

/**
 * One attempt at a provider, ended after `limit` ms. When the channel does not say within `grace` ms after that what became of
 * it, or throws, nobody knows: `unknown`. `late` hears what the channel says after all.
 * @param onStart is handed a way to end the attempt early
 */
export async function sendOnce(
  channel: Channel,
  message: OutgoingMessage,
  { limit, grace }: { limit: number; grace: number },
  onStart: (abort: Abort) => void,
  late: (outcome: SendOutcome) => void,
): Promise<SendOutcome> {
  const controller = new AbortController();
  let over = false;
  let giveUp: NodeJS.Timeout | undefined;
  const silence = new Promise<SendOutcome>((resolve) => {
    controller.signal.addEventListener('abort', () => {
      giveUp = setTimeout(() => {
        resolve({ kind: 'unknown', detail: 'no-answer' });
      }, grace);
    });
  });
  const timer = setTimeout(() => {
    controller.abort();
  }, limit);
  onStart(() => {
    controller.abort();
  });
  const answer = attempt(channel, message, controller.signal).then((outcome) => {
    if (over) late(outcome);
    return outcome;
  });
  const outcome = await Promise.race([answer, silence]);
  over = true;
  clearTimeout(timer);
  clearTimeout(giveUp);
  return outcome;
}

/** The class of an error is all that is kept of it: HTTP clients put addresses and credentials into theirs. */
async function attempt(channel: Channel, message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
  try {
    return await channel.send(message, signal);
  } catch (error) {
    return { kind: 'unknown', detail: `threw ${error instanceof Error ? error.name : typeof error}` };
  }
}
