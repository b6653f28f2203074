import { startEmbedded } from '../../../models/embedded/start.ts';

/** A process that starts the database, says so, and waits to be killed. */
await startEmbedded({ dataDir: process.argv[2] ?? '', idleMs: 300 });
process.stdout.write('ready\n');
setInterval(() => undefined, 1000);
