import { Router } from 'express';
import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, InboundMessage, Intake, OutgoingMessage, Provider } from '../../../channels/channel.ts';
import { newId } from '../../../models/ids.ts';
import type { ProviderParts } from '../../providers.ts';

/** Channels the terminal can stand in for. */
export const CHANNELS: readonly string[] = ['sms', 'whatsapp'];

/** How long after the last reply the terminal waits for more parts before it asks for the next line, and at most. */
const QUIET_MS = 150;
const LONGEST_MS = 3000;

export interface Terminal {
  providers: (parts: ProviderParts) => Provider[];
  /** A line as the resident's message. */
  write(line: string): Promise<void>;
  /** Resolves when the bot seems to have said what it had to say. */
  quiet(): Promise<void>;
}

/** A channel whose one resident sits at this terminal. `show` prints. */
export function createTerminal(name: string, show: (text: string) => void): Terminal {
  let intake: Intake | undefined;
  let saidAt = 0;
  let choices: string[] = [];
  const send = (message: OutgoingMessage): void => {
    saidAt = Date.now();
    choices = (message.choices ?? []).map((choice) => choice.id);
    const buttons = (message.choices ?? []).map((choice, i) => `   [${i + 1}] ${choice.title}\n`).join('');
    show(`\n${message.text.replace(/^/gm, '   ')}\n${buttons}`);
  };
  return {
    providers(parts) {
      intake = parts.intake;
      return [{ channels: [terminalChannel(name, send)], routes: Router() }];
    },
    async write(line) {
      await intake?.accept(inbound(name, line, choices));
    },
    async quiet() {
      const asked = Date.now();
      while (Date.now() - asked < LONGEST_MS && (saidAt < asked || Date.now() - saidAt < QUIET_MS)) await pause(20);
    },
  };
}

function terminalChannel(name: string, send: (message: OutgoingMessage) => void): Channel {
  const sms = name === 'sms';
  return {
    name,
    policy: { windowHours: null, optOutConfirmedByProvider: false, short: sms, perSecond: 1000 },
    parts: (text, choices) => [{ text, ...(choices && { choices: [...choices] }) }],
    send(message) {
      send(message);
      return Promise.resolve({ kind: 'accepted', providerId: newId() });
    },
    openMedia: () => Promise.reject(new Error('The terminal has no media to fetch.')),
  };
}

function inbound(name: string, line: string, choices: readonly string[]): InboundMessage {
  const kind = line.trim() === '/photo' ? 'image' : line.trim() === '/voice' ? 'voice' : null;
  const pressed = /^\[(\d+)\]$/.exec(line.trim());
  const choice = pressed ? choices[Number(pressed[1]) - 1] : undefined;
  return {
    channel: name,
    providerId: newId(),
    address: '+447700900000',
    aliases: [],
    sender: 'terminal',
    text: kind ? '' : line,
    ...(choice && { choice }),
    media: kind ? [{ mediaId: newId(), kind, contentType: kind === 'image' ? 'image/jpeg' : 'audio/ogg' }] : [],
  };
}
