import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { createLogger } from '../logger.ts';
import { startService } from '../service.ts';
import { openStore } from '../store.ts';
import { createTerminal, CHANNELS } from './chat/terminal.ts';

const USAGE = `npm run chat -- [--channel sms|whatsapp] [--language eng|ben|ara]

The same bot as in service, on a database of its own that is thrown away afterwards.
Write what a resident would write. /photo and /voice send one; /quit ends.
`;

/** Runs the whole service with a channel that is the terminal. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      channel: { type: 'string', default: 'whatsapp' },
      language: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || !CHANNELS.includes(values.channel)) {
    process.stderr.write(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'shuni-chat-'));
  const config = readConfig({ PORT: '0', PUBLIC_URL: 'https://shuni.example', DATA_DIR: dataDir });
  const log = createLogger('silent');
  const store = await openStore(config, log);
  const terminal = createTerminal(values.channel, (line) => process.stdout.write(line));
  const service = await startService(config, store, log, { providers: terminal.providers });
  if (values.language) await terminal.write(values.language);
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  lines.setPrompt('> ');
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() === '/quit') break;
    await terminal.write(line);
    await terminal.quiet();
    lines.prompt();
  }
  lines.close();
  await service.stop();
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
}

await main();
