import { describe, expect, test } from '@jest/globals';
import { STORY, at, talk } from '../support/stand-at.ts';

describe('services', () => {
  test('a place recognised in the story is confirmed, not asked', () => {
    expect(talk(STORY, 'yes').events.at(-1)).toMatchObject({
      key: 'service.confirm',
      params: { service: 'The Royal London Hospital' },
      choices: [{ id: 'service:royal-london-hospital' }, { id: 'service:another' }, { id: 'service:not-sure' }],
    });
  });

  test('"no, it was Barts" after the confirmation is understood', () => {
    const standing = talk(STORY, 'yes', 'no', 'barts');
    expect(standing.state?.answers['service']).toMatchObject({ serviceId: 'st-bartholomews-hospital' });
  });

  test.each<[string, object]>([
    ['royl lndon', { serviceId: 'royal-london-hospital', serviceKind: 'hospital' }],
    ['dentist', { serviceId: 'any-dentist', serviceKind: 'dentist' }],
    ['GP on Mile End Rd', { serviceId: 'any-gp', serviceKind: 'gp', name: 'GP on Mile End Rd' }],
    ['Lantern Court', { kind: 'service', name: 'Lantern Court' }],
  ])('%s', (line, answer) => {
    const standing = at('service');
    standing.say(line);
    expect(standing.state?.answers['service']).toMatchObject(answer);
  });

  test('several that fit are offered, three at most, with another and not sure', () => {
    const standing = at('service');
    const event = standing.say('hospital').at(-1);
    expect(event).toMatchObject({ key: 'service.offer' });
    expect(event?.type === 'said' ? event.choices?.map(({ id }) => id).slice(3) : []).toEqual([
      'service:another',
      'service:not-sure',
    ]);
    standing.say('2');
    expect(standing.state?.answers['service']).toMatchObject({ serviceId: 'mile-end-hospital' });
  });

  test('"another" again and again does not go round for ever', () => {
    const standing = at('service');
    standing.say('hospital', 'another', 'another', 'another', 'another');
    expect(standing.state?.asked?.question).toBe('stages');
  });

  test('a pharmacy has no nursing care to choose', () => {
    const standing = talk('the tablets were wrong', 'yes', 'pharmacy');
    expect(standing.state?.asked?.choices).not.toContain('stages:nursing');
  });
});
