import express from 'express';
import { createConnection } from 'mongoose';
import webhooks from 'twilio/lib/webhooks/webhooks.js';

/**
 * What the inbound path is measured against, in a process of its own: an Express route that validates Twilio's signature and
 * inserts one document, and nothing else. argv: database URI, name, auth token, public URL. Prints its port.
 */
const [uri = '', name = '', token = '', publicUrl = ''] = process.argv.slice(2);
const connection = await createConnection(uri, {
  dbName: name,
  maxPoolSize: 20,
  writeConcern: { w: 'majority', journal: true },
}).asPromise();
const messages = connection.collection('bare');
const app = express();
app.post('/channels/twilio/inbound', express.urlencoded({ extended: false }), async (request, response) => {
  const form = request.body as Record<string, string>;
  if (
    !webhooks.validateRequest(token, request.get('x-twilio-signature') ?? '', publicUrl + request.originalUrl, form)
  ) {
    response.sendStatus(403);
    return;
  }
  await messages.insertOne({ ...form, receivedAt: new Date() });
  response.type('text/xml').send('<Response/>');
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as { port: number }).port })}\n`);
});
