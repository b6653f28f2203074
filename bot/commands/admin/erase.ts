import { text } from 'node:stream/consumers';
import type { Database } from '../../../models/database.ts';
import { erasePerson } from '../../sweeps/erasure.ts';
import { readArguments } from './arguments.ts';
import { AdminProblem, BY, UsageError, type AdminCommand, type AdminContext, type ExitCode } from './command.ts';

/** Whom to erase, as told on the command line. */
type Wanted = { reference: string } | { person: string } | { phone: string; channel: string };

/** `erase`: everything about one person goes, but the opt-out ledger. */
export const erase: AdminCommand = {
  name: 'erase',
  summary: 'erase everything about one person',
  usage: `
Usage: npm run --silent admin -- erase --reference TH-XXXX-XXXX [--yes]
       npm run --silent admin -- erase --phone - --channel sms|whatsapp [--yes]
       npm run --silent admin -- erase --person ID [--yes]

Erases a person's messages, media, feedback, escalations and conversations, on every channel. What stays: that they asked us
to stop, if they did, as a keyed hash, and for seven days empty messages that know their provider's id. Cannot be undone.

  --yes      really do it; without it the command says how much would go
  --phone -  asks for the number on standard input. A number on the command line itself (--phone +44...) ends up in the
             shell's history and in npm's own log
`,
  plan(args) {
    const string = { type: 'string' } as const;
    const options = {
      reference: string,
      person: string,
      phone: string,
      channel: string,
      yes: { type: 'boolean' },
    } as const;
    const { values } = readArguments(args, options);
    const wanted = readWanted(values);
    return (context) => run(context, wanted, values.yes === true);
  },
};

function readWanted(values: { reference?: string; person?: string; phone?: string; channel?: string }): Wanted {
  const { reference, person, phone, channel } = values;
  if ([reference, person, phone].filter((value) => value !== undefined).length !== 1)
    throw new UsageError('Name the person in one way: --reference, --phone or --person.');
  if (reference !== undefined) return { reference: readReference(reference) };
  if (person !== undefined) return { person };
  if (channel !== 'sms' && channel !== 'whatsapp')
    throw new UsageError('--phone needs --channel sms or --channel whatsapp.');
  return { phone: phone === '-' ? '-' : readPhone(phone ?? ''), channel };
}

/** Reference codes are read aloud and typed by hand: case, spaces and the letters Crockford's alphabet leaves out are forgiven. */
function readReference(given: string): string {
  const letters = given.toUpperCase().replace(/[\s-]/g, '').replace(/^TH/, '');
  const code = letters.replaceAll('O', '0').replace(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{8}$/.test(code)) throw new UsageError('--reference must look like TH-7KQ2-M4XA.');
  return `TH-${code.slice(0, 4)}-${code.slice(4)}`;
}

/** Never repeats the number in what it says. */
function readPhone(given: string): string {
  const number = given.trim().replace(/[\s()-]/g, '');
  if (!/^\+[1-9]\d{6,14}$/.test(number))
    throw new UsageError('The number must be international, beginning with + and country code.');
  return number;
}

async function run(context: AdminContext, wanted: Wanted, yes: boolean): Promise<ExitCode> {
  const personId = await find(context, wanted);
  const counts = await countsOf(context.database, personId);
  const list = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  if (!yes) {
    context.out.write(`would erase ${list.join(', ')}\n`);
    context.err.write('Nothing was erased. Add --yes to erase it; it cannot be undone.\n');
    return 0;
  }
  const { database, now } = context;
  await erasePerson({ database, now }, personId, BY);
  context.out.write(`erased ${list.join(', ')}\n`);
  return 0;
}

async function find(context: AdminContext, wanted: Wanted): Promise<string> {
  const { database } = context;
  if ('reference' in wanted) {
    const item = await database.feedback.byReference(wanted.reference);
    if (!item) throw new AdminProblem('There is no feedback with this reference. Has it been erased already?');
    if (item.personId === undefined) throw new AdminProblem('This feedback belongs to nobody any more.');
    return item.personId;
  }
  if ('person' in wanted) {
    // Erasing goes on where it was cut off: the person goes last, but what others left behind may still be there.
    const counts = await countsOf(database, wanted.person);
    if (Object.values(counts).every((count) => count === 0))
      throw new AdminProblem('Nothing is stored about this person.');
    return wanted.person;
  }
  const phone = wanted.phone === '-' ? readPhone(await askFor(context)) : wanted.phone;
  const person = await database.people.findByAddress(wanted.channel, phone);
  if (!person) throw new AdminProblem('Nobody is known by this number. Was it written from on this channel?');
  return person._id;
}

async function askFor({ in: input, err }: AdminContext): Promise<string> {
  err.write('Number, then end of input: ');
  return (await text(input)).trim();
}

async function countsOf(database: Database, personId: string): Promise<Record<string, number>> {
  const [people, conversations, messages, feedback, escalations, files] = await Promise.all([
    database.people.model.countDocuments({ _id: personId }),
    database.conversations.model.countDocuments({ personId }),
    database.inbound.model.countDocuments({ personId }),
    database.feedback.model.countDocuments({ personId }),
    database.escalations.model.countDocuments({ personId }),
    database.forget.filesOf(personId),
  ]);
  return { people, conversations, messages, feedback, escalations, 'media files': files.length };
}
