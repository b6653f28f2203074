import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exportCommand } from '../../../../bot/commands/admin/export.ts';
import { adminRig, type Rig } from './admin-rig.ts';
import { escalate, storeResident } from './healthy-data.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await adminRig();
});
afterEach(() => rig.close());

const csv = (text: string): Record<string, string>[] => parse(text, { columns: true, bom: true });

describe('export feedback', () => {
  test('writes coded answers and nothing that leads back to a person', async () => {
    const resident = await storeResident(rig, 1, 'شكرا "ممتاز",\nvery 😀 good');
    await rig.database.feedback.model.collection.updateOne(
      { _id: resident.feedbackId as never },
      {
        $set: {
          'answers.respect': { kind: 'rather-not-say' },
          'answers.who': { kind: 'choices', values: ['me', 'carer'] },
          codings: [
            {
              scheme: 'issues',
              schemeVersion: 1,
              code: 'waiting',
              sentiment: 'negative',
              origin: 'coder',
              by: 's1',
              at: rig.now,
            },
            {
              scheme: 'issues',
              schemeVersion: 1,
              code: 'food',
              sentiment: 'negative',
              origin: 'suggested',
              rejected: true,
              at: rig.now,
            },
          ],
        },
      },
    );
    for (const format of ['csv', 'jsonl']) {
      const { code, out } = await rig.run(exportCommand, ['feedback', '--format', format]);
      expect(code).toBe(0);
      for (const secret of [
        resident.personId,
        resident.conversationId,
        resident.feedbackId,
        resident.inboundId,
        resident.addressId,
        resident.reference,
        's1',
        '7700900',
      ])
        expect(out).not.toContain(secret);
    }
    const { out } = await rig.run(exportCommand, ['feedback']);
    expect(out.startsWith('\uFEFFid,received,')).toBe(true);
    expect(csv(out)).toEqual([
      expect.objectContaining({
        received: resident.at.toISOString(),
        source: 'sms',
        service_name: 'Mile End Hospital',
        stages: 'nursing-care',
        rating: '4',
        story: 'شكرا "ممتاز",\nvery 😀 good',
        withheld: '',
        codings: 'issues:waiting:negative:coder',
        answer_respect: '[rather-not-say]',
        answer_stages: '[skipped]',
        answer_who: 'me; carer',
      }),
    ]);
  });

  test.each(['=1+1', '+44 20 7946 0000', '-2', '@SUM(A1)', '\tx', '＝1'])(
    'a story that a spreadsheet would calculate is text: %j',
    async (story) => {
      await storeResident(rig, 1, story);
      const { out } = await rig.run(exportCommand, ['feedback']);
      expect(csv(out)[0]?.['story']).toBe(`'${story}`);
    },
  );

  test('withholds the words of somebody at risk, not of somebody who asked for a person', async () => {
    await escalate(rig, await storeResident(rig, 1, 'secret words'));
    await escalate(rig, await storeResident(rig, 2, 'open words'), 'person-requested');
    const { out } = await rig.run(exportCommand, ['feedback']);
    expect(out).not.toContain('secret words');
    expect(csv(out).map(({ story, withheld }) => [story, withheld])).toEqual([
      ['', 'safeguarding'],
      ['open words', ''],
    ]);
  });

  test('leaves out what was not agreed to be kept, and says so', async () => {
    const { feedbackId } = await storeResident(rig);
    await rig.database.feedback.model.collection.updateOne({ _id: feedbackId as never }, { $set: { consents: {} } });
    const ran = await rig.run(exportCommand, ['feedback', '--format', 'jsonl']);
    expect(ran).toMatchObject({ code: 0, out: '', err: '0 items as jsonl; 1 without consent to store left out\n' });
  });

  test.each([
    ['the whole summer day in London', '2026-06-30', '2026-06-30', ['2026-06-29T23:00:00Z', '2026-06-30T22:59:59Z']],
    ['the whole winter day', '2026-01-31', '2026-01-31', ['2026-01-31T00:00:00Z', '2026-01-31T23:59:59Z']],
  ])('--from and --to mean %s', async (_label, from, to, inside) => {
    const times = [
      ...inside,
      ...inside.map((at, i) => new Date(Date.parse(at) + (i === 0 ? -1000 : 1000)).toISOString()),
    ];
    for (const [i, at] of times.entries()) {
      const { feedbackId } = await storeResident(rig, i + 1);
      await rig.database.feedback.model.collection.updateOne(
        { _id: feedbackId as never },
        { $set: { receivedAt: new Date(at) } },
      );
    }
    const { out } = await rig.run(exportCommand, ['feedback', '--format', 'jsonl', '--from', from, '--to', to]);
    const received = out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { received: string }).received);
    expect(received).toEqual(inside.map((at) => new Date(at).toISOString()));
  });

  test('writes a file that only its owner reads, and does not write over one', async () => {
    await storeResident(rig);
    const file = join(rig.folder, 'out.csv');
    expect(await rig.run(exportCommand, ['feedback', '--out', file])).toMatchObject({ code: 0, out: '' });
    expect(csv(await readFile(file, 'utf8'))).toHaveLength(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await rig.run(exportCommand, ['feedback', '--out', file])).toMatchObject({ code: 1 });
  });

  test.each([
    [['nothing']],
    [['feedback', '--format', 'xlsx']],
    [['feedback', '--from', '31.3.2026']],
    [['feedback', '--from', '2026-02-30']],
    [['feedback', '--from', '2026-03-02', '--to', '2026-03-01']],
    [['all']],
  ])('refuses %j', async (args) => {
    expect(await rig.run(exportCommand, args)).toMatchObject({ code: 2, out: '' });
  });
});
