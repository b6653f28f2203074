import { TwilioDouble } from './double.ts';

/**
 * The double as a process of its own: `tsx test/support/twilio-double/main.ts`. Reads PORT, PUBLIC_URL, DELIVER_TO,
 * TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN; prints one line of JSON with its url; ends on SIGTERM or SIGINT.
 */
const env = process.env;
const double = await new TwilioDouble({
  accountSid: env['TWILIO_ACCOUNT_SID'] ?? `AC${'0'.repeat(32)}`,
  authToken: env['TWILIO_AUTH_TOKEN'] ?? 'double',
  publicUrl: env['PUBLIC_URL'] ?? 'http://localhost:3000',
  ...(env['DELIVER_TO'] && { deliverTo: env['DELIVER_TO'] }),
  port: Number(env['PORT'] ?? 0),
  callbacks: { statuses: ['queued', 'sent', 'delivered'], delayMs: 50 },
}).start();
process.stdout.write(`${JSON.stringify({ url: double.url })}\n`);
for (const name of ['SIGTERM', 'SIGINT'] as const)
  process.once(name, () => void double.stop().then(() => process.exit(0)));
