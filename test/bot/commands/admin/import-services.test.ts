import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importServices } from '../../../../bot/commands/admin/import-services.ts';
import { containing } from './said.ts';
import { adminRig, type Ran, type Rig } from './admin-rig.ts';

const HEADER = 'id,name,kind,aliases,address,postcode,locality,commissioner';
const GOOD = `${HEADER}
rlh,The Royal London Hospital,hospital,Royal London; RLH;RLH,"Whitechapel Road,
London",e1  1fr,South West,NHS North East London
tredegar,Tredegar Practice,GP,,,E3,North East,
`;

let rig: Rig;
beforeEach(async () => {
  rig = await adminRig();
});
afterEach(() => rig.close());

async function load(content: string | Buffer, ...options: string[]): Promise<Ran> {
  const file = join(rig.folder, 'services.csv');
  await writeFile(file, content);
  return rig.run(importServices, [file, ...options]);
}

function utf16(text: string, big: boolean): Buffer {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
}

describe('import-services', () => {
  test('adds, then leaves alone, then changes', async () => {
    expect(await load(GOOD)).toMatchObject({ code: 0, out: 'added 2, changed 0, unchanged 0\n', err: '' });
    expect(await rig.database.services.all()).toEqual([
      {
        _id: 'rlh',
        name: 'The Royal London Hospital',
        kind: 'hospital',
        aliases: ['Royal London', 'RLH'],
        address: 'Whitechapel Road, London',
        postcode: 'E1 1FR',
        locality: 'South West',
        commissioner: 'NHS North East London',
      },
      { _id: 'tredegar', name: 'Tredegar Practice', kind: 'gp', aliases: [], postcode: 'E3', locality: 'North East' },
    ]);
    expect(await load(GOOD)).toMatchObject({ code: 0, out: 'added 0, changed 0, unchanged 2\n' });
    expect(await load(GOOD.replace('Tredegar Practice', 'Tredegar Surgery'))).toMatchObject({
      out: 'added 0, changed 1, unchanged 1\n',
    });
    // A value taken out of the file goes out of the directory.
    await load(GOOD.replace('E3,North East', 'E3,'));
    expect((await rig.database.services.all()).find(({ _id }) => _id === 'tredegar')).not.toHaveProperty('locality');
    const audited = await rig.database.audit.model.find({ action: 'services-imported' }).lean();
    expect(audited).toHaveLength(3);
  });

  const accents = `${HEADER}\nx,Café Santé – Dr Łukasz,other,,,,,\n`;
  const western = `${HEADER}\nx,Café Santé – “Zoë’s”,other,,,,,\n`;
  test.each<[string, string | Buffer, string]>([
    ['UTF-8', accents, 'Café Santé – Dr Łukasz'],
    ['UTF-8 with a mark', `\uFEFF${accents}`, 'Café Santé – Dr Łukasz'],
    ['UTF-16 little endian', utf16(accents, false), 'Café Santé – Dr Łukasz'],
    ['UTF-16 big endian', utf16(accents, true), 'Café Santé – Dr Łukasz'],
    ['UTF-16 without a mark', Buffer.from(accents, 'utf16le'), 'Café Santé – Dr Łukasz'],
    ["Excel's plain CSV (Windows-1252)", cp1252(western), 'Café Santé – “Zoë’s”'],
    ['semicolons', accents.replaceAll(',', ';'), 'Café Santé – Dr Łukasz'],
    ['tabs', accents.replaceAll(',', '\t'), 'Café Santé – Dr Łukasz'],
    ['Windows line ends', accents.replaceAll('\n', '\r\n'), 'Café Santé – Dr Łukasz'],
    ['old Mac line ends', accents.replaceAll('\n', '\r'), 'Café Santé – Dr Łukasz'],
    ['no line end at the end', accents.trimEnd(), 'Café Santé – Dr Łukasz'],
    ['columns in another order, padded, one unknown', 'Kind , NAME,id,colour\nother,Plain,x,red\n', 'Plain'],
    ['empty lines and trailing cells', `${HEADER}\n\n,,,,,,,\nx,Plain,other,,,,,,,\n`, 'Plain'],
    ['quotes within', `${HEADER}\nx,"The ""Old"" Surgery",other,,,,,\n`, 'The "Old" Surgery'],
    ['letters composed of two', `${HEADER}\nx,Cafe\u0301,other,,,,,\n`, 'Café'],
  ])('reads %s', async (_label, content, name) => {
    expect(await load(content)).toMatchObject({ code: 0, out: 'added 1, changed 0, unchanged 0\n' });
    expect((await rig.database.services.all()).map((entry) => entry.name)).toEqual([name]);
  });

  const BAD = `${HEADER}
rlh,"Two
lines",hospital,,,,,
,No id,gp,,,,,
a b,Bad id,gp,,,,,

nokind,No kind,surgery,,,,,
rlh,Again,gp,,,,,
pc,Bad postcode,gp,,,Mile End,,
more,Too many,cells,,,,,,,oops
nul,Con\u0000trol,gp,,,,,
ok,Good,gp,,,,,
`;

  test('reports every bad row by its line and imports nothing', async () => {
    const ran = await load(BAD);
    expect(ran).toMatchObject({ code: 1, out: '' });
    const lines = [...ran.err.matchAll(/^line (\d+): (.*)$/gm)].map(
      ([, line, problem]) => `${line} ${problem?.slice(0, 12)}`,
    );
    expect(lines).toEqual([
      '4 id is empty',
      '5 id may hold ',
      '7 kind must be',
      '8 id is used o',
      '9 postcode is ',
      '10 has 10 cells',
      '11 name holds c',
    ]);
    expect(await rig.database.services.count()).toBe(0);
  });

  test('imports the good rows of a bad file when told to', async () => {
    expect(await load(BAD, '--skip-bad')).toMatchObject({ code: 1, out: 'added 2, changed 0, unchanged 0\n' });
    expect(await rig.database.services.count()).toBe(2);
  });

  test('--dry-run changes nothing', async () => {
    expect(await load(GOOD, '--dry-run')).toMatchObject({
      code: 0,
      out: 'would have added 2, changed 0, unchanged 0\n',
    });
    expect(await rig.database.services.count()).toBe(0);
    expect(await rig.database.audit.model.countDocuments()).toBe(0);
  });

  test.each<[string, string | Buffer, RegExp]>([
    ['an empty file', '', /id, name, kind are not there/],
    ['a header that lacks a column', 'id,kind\n1,gp\n', /name is not there/],
    ['a column named twice', 'id,name,name,kind\n1,a,b,gp\n', /"name" twice/],
    ['a quotation mark never closed', `${HEADER}\nx,"Never closed,gp\n`, /RFC 4180/],
    ['a mark that lies', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from([0xff, 0xff])]), /encoding/],
  ])('explains %s', async (_label, content, message) => {
    const ran = await load(content);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(message);
  });

  test('explains a file that is not there', async () => {
    expect(await rig.run(importServices, [join(rig.folder, 'none.csv')])).toMatchObject({
      code: 1,
      err: containing('ENOENT'),
    });
  });
});

/** Windows-1252, for the characters used here. */
function cp1252(text: string): Buffer {
  const high: Record<string, number> = { '–': 0x96, '“': 0x93, '”': 0x94, '’': 0x92 };
  return Buffer.from(Array.from(text, (character) => high[character] ?? character.charCodeAt(0)));
}
