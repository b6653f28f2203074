import { describe, expect, test } from '@jest/globals';
import { cpuMs } from '../support/cpu.ts';
import { matchServices, sureMatch } from '../../dialogs/service-match.ts';
import starter from '../../models/starter-services.json' with { type: 'json' };
import type { ServiceEntry } from '../../models/vocabulary.ts';

/** The starter directory and a few invented places. */
const directory: ServiceEntry[] = [
  ...starter,
  {
    _id: 'lantern',
    name: 'Lantern Court Surgery',
    kind: 'gp',
    aliases: ['Lantern Court'],
    address: '82 Mile End Road, London',
    postcode: 'ZZ1 4QX',
  },
  {
    _id: 'heron',
    name: 'Heron Wharf Health Centre',
    kind: 'gp',
    aliases: [],
    address: 'Heron Wharf, London',
    postcode: 'ZZ1 9AB',
  },
  { _id: 'smile', name: 'Bright Smile Dental', kind: 'dentist', aliases: [], address: '5 Lantern Street, London' },
];

describe('meant without doubt', () => {
  test.each([
    ['The Royal London Hospital', 'royal-london-hospital'],
    ['royal london', 'royal-london-hospital'],
    ['ROYAL LONDON', 'royal-london-hospital'],
    ['royl lndon', 'royal-london-hospital'],
    ['roayl london', 'royal-london-hospital'],
    ['Royal Londen Hosptal', 'royal-london-hospital'],
    ['rlh', 'royal-london-hospital'],
    ['at the royal london, whitechapel', 'royal-london-hospital'],
    ['whitechapel hospital', 'royal-london-hospital'],
    ['রয়েল লন্ডন', 'royal-london-hospital'],
    ['রয়েল লন্ডন', 'royal-london-hospital'],
    ['রয়্যাল লন্ডন হাসপাতালে', 'royal-london-hospital'],
    ['رويال لندن', 'royal-london-hospital'],
    ['مستشفى رويال لندن', 'royal-london-hospital'],
    ['Mile End Hospital', 'mile-end-hospital'],
    ['mile end hosp', 'mile-end-hospital'],
    ['mile end hospitl', 'mile-end-hospital'],
    ['মাইল এন্ড হাসপাতাল', 'mile-end-hospital'],
    ['مستشفى مايل إند', 'mile-end-hospital'],
    ['barts', 'st-bartholomews-hospital'],
    ['Barts hospital', 'st-bartholomews-hospital'],
    ["St Bartholomew's", 'st-bartholomews-hospital'],
    ['st bartholomews hospital', 'st-bartholomews-hospital'],
    ['moorfields', 'moorfields-eye-hospital'],
    ['moorfeilds eye hospital', 'moorfields-eye-hospital'],
    ['مورفيلدز', 'moorfields-eye-hospital'],
    ['the doctor at the royal london', 'royal-london-hospital'],
    ['lantern court', 'lantern'],
    ['lantern cort surgery', 'lantern'],
    ['GP on Mile End Rd', 'lantern'],
    ['the gp surgery in mile end road', 'lantern'],
    ['ZZ1 4QX', 'lantern'],
    ['zz14qx', 'lantern'],
    ['Heron Wharf', 'heron'],
    ['heron warf health center', 'heron'],
    ['bright smile', 'smile'],
    ['dentist on lantern street', 'smile'],
    ['chemist', 'any-pharmacy'],
    ['my pharmacy', 'any-pharmacy'],
    ['pharmcy', 'any-pharmacy'],
    ['ফার্মেসি', 'any-pharmacy'],
    ['ওষুধের দোকান', 'any-pharmacy'],
    ['صيدلية', 'any-pharmacy'],
    ['A&E', 'any-urgent-care'],
    ['a and e', 'any-urgent-care'],
    ['الطوارئ', 'any-urgent-care'],
    ['জরুরি বিভাগ', 'any-urgent-care'],
    ['optician', 'any-optician'],
    ['চশমার দোকান', 'any-optician'],
    ['midwife', 'any-maternity'],
    ['talking therapies', 'any-mental-health'],
    ['الصحة النفسية', 'any-mental-health'],
    ['district nurse', 'any-community-nursing'],
    ['care home', 'any-social-care'],
    ['সোশ্যাল ওয়ার্কার', 'any-social-care'],
  ])('%s', (text, id) => {
    expect(sureMatch(matchServices(text, directory))?.service._id).toBe(id);
  });
});

describe('offered, best first', () => {
  test.each([
    ['gp', 'any-gp', 'lantern'],
    ['GP surgery', 'any-gp', 'heron'],
    ['ডাক্তার', 'any-gp', 'lantern'],
    ['daktar', 'any-gp', 'lantern'],
    ['طبيب العائلة', 'any-gp', 'heron'],
    ['dentist', 'any-dentist', 'smile'],
    ['দাঁতের ডাক্তার', 'any-dentist', 'smile'],
    ['طبيب الأسنان', 'any-dentist', 'smile'],
    ['hospital', 'any-hospital', 'royal-london-hospital'],
    ['হাসপাতালে', 'any-hospital', 'mile-end-hospital'],
    ['المستشفى', 'any-hospital', 'moorfields-eye-hospital'],
    ['mile end', 'mile-end-hospital', 'lantern'],
  ])('%s: first %s, also %s', (text, first, also) => {
    const matches = matchServices(text, directory);
    expect(sureMatch(matches)).toBeUndefined();
    expect(matches[0]?.service._id).toBe(first);
    expect(matches.map(({ service }) => service._id)).toContain(also);
  });
});

describe('nothing is made up', () => {
  test.each([
    'banana',
    'the',
    'London',
    '',
    '👍',
    'they were very kind to me',
    'কলা',
    'موز',
    'St',
    'road',
    '\u0000',
    '1',
  ])('%j', (text) => {
    expect(matchServices(text, directory)).toEqual([]);
  });

  test('a place named in a story is found, a kind beside it does not hide it', () => {
    const story = 'The GP sent me to the Royal London for a scan and the nurse there was rude';
    const matches = matchServices(story, directory);
    expect(sureMatch(matches)?.service._id).toBe('royal-london-hospital');
    expect(matches[0]?.coverage).toBeLessThan(0.5);
  });

  test('the same text gives the same matches', () => {
    expect(matchServices('royal', directory)).toEqual(matchServices('royal', directory));
  });
});

test('a thousand places, all alike, are matched without delay', () => {
  const many = Array.from({ length: 1000 }, (_, index): ServiceEntry => ({
    _id: `s${index}`,
    name: `Practice ${String.fromCharCode(97 + (index % 26))}${index}ville Surgery`,
    kind: 'gp',
    aliases: [],
    address: `${index} Some${index} Street`,
  }));
  matchServices('warm up', many);
  const spent = cpuMs(() => {
    for (let count = 0; count < 20; count += 1) matchServices('the surgery on Some512 street was closed', many);
  });
  expect(spent / 20).toBeLessThan(100); // measured: 5 alone, 25 on a busy machine
});
