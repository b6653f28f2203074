import { describe, expect, test } from '@jest/globals';
import { frameworkCodesOfIssue, issuesOfFrameworkLabel } from '../../coding/crosswalk.ts';
import { activeCodes, codeLabel, findCode, findFrame, frames, loadFrames } from '../../coding/frames.ts';

/** The codes as the matrix of the specification lists them (spec: coding-matrix.json). */
const MATRIX = {
  'patients-carers': 'advice-information carer-involvement peer-involvement user-involvement general-comment',
  systems:
    'administration admission booking cancellation data-protection referral medical-records medication opening-hours planning registration support telephone timely-access',
  values: 'choice cost language nutrition privacy quality sensory stimulation',
  environment: 'catchment-distance environment-layout equipment hazard hygiene mobility travel-parking',
  staff: 'omission security-conduct staff-attitude complaint staff-training staffing-levels',
};
const STAGES = 'transport reception diagnosis treatment nursing discharge follow-on community';

const frame = {
  scheme: 'demo',
  version: 1,
  label: 'Demo',
  provisional: true,
  source: 'test',
  codes: [{ code: 'a', label: 'A' }],
};

describe('the frames shipped', () => {
  test.each(Object.entries(MATRIX))('issues: every code of %s, once and in order', (group, codes) => {
    const own = activeCodes('issues').filter((code) => code.group === group);
    expect(own.map((code) => code.code)).toEqual(codes.split(' '));
  });

  test('forty issues, eight stages, fifteen outcomes', () => {
    expect(activeCodes('issues')).toHaveLength(40);
    expect(activeCodes('care-pathway').map((code) => code.code)).toEqual(STAGES.split(' '));
    expect(activeCodes('th-outcomes')).toHaveLength(15);
    expect(new Set(activeCodes('th-outcomes').map((code) => code.label)).size).toBe(15);
  });

  test('issues and stages say that they are provisional', () => {
    expect(findFrame('issues')?.provisional).toBe(true);
    expect(findFrame('care-pathway')?.provisional).toBe(true);
  });

  test('the rollups of reports are there', () => {
    expect(findFrame('issues')?.rollups?.map((rollup) => rollup.id)).toEqual([
      'information-involvement-support',
      'quality-empathy',
      'access',
    ]);
  });

  test.each(frames.map((one) => [`${one.scheme} v${one.version}`, one] as const))(
    '%s: labels are text, no two alike',
    (_, one) => {
      const labels = one.codes.map((code) => code.label);
      expect(labels.every((label) => label.trim() === label && label.length > 0)).toBe(true);
      expect(new Set(labels).size).toBe(labels.length);
    },
  );
});

describe('cross-walk', () => {
  const walk = frames.filter((one) => one.scheme === 'nhs-framework');

  test('two versions of the framework stand side by side, the newest answers', () => {
    expect(walk.map((one) => one.version)).toEqual([6, 1]);
    expect(findFrame('nhs-framework')?.version).toBe(6);
    expect(issuesOfFrameworkLabel('Timeliness of care')).toEqual(['timely-access']);
    expect(issuesOfFrameworkLabel('Care received')).toBeUndefined();
    expect(issuesOfFrameworkLabel('Care received', 1)).toEqual(['quality', 'general-comment']);
  });

  test.each(walk.map((one) => [one.version, one] as const))('version %i leads to codes that exist', (_, one) => {
    const issues = new Set(activeCodes('issues').map((code) => code.code));
    const named = one.codes.flatMap((code) => code.crosswalk?.issues ?? []);
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((code) => !issues.has(code))).toEqual([]);
    expect(one.codes.every((code) => code.crosswalk !== undefined)).toBe(true);
  });

  test('an issue is reported under its closest framework codes first', () => {
    const codes = frameworkCodesOfIssue('booking');
    expect(codes[0]).toMatchObject({ label: 'Appointment arrangements', closest: true });
    expect(codes.at(-1)?.closest).toBe(false);
    expect(frameworkCodesOfIssue('sensory')).toEqual([]);
  });
});

describe('looking codes up', () => {
  test('labels for staff, the code itself where unknown', () => {
    expect(codeLabel('issues', 'timely-access')).toBe('Timely access');
    expect(codeLabel('issues', 'gone')).toBe('gone');
    expect(findCode('issues', 'quality', 99)).toBeUndefined();
    expect(findFrame('none')).toBeUndefined();
    expect(activeCodes('none')).toEqual([]);
  });
});

describe('loading', () => {
  test('a retired code stays readable beside what replaced it', () => {
    const codes = [
      { code: 'a', label: 'A' },
      { code: 'b', label: 'B', retired: true, replacedBy: ['a'] },
    ];
    expect(loadFrames([{ ...frame, codes }])[0]?.codes[1]).toMatchObject({ retired: true, replacedBy: ['a'] });
  });

  test('versions come newest first', () => {
    expect(loadFrames([frame, { ...frame, version: 3 }, { ...frame, version: 2 }]).map((one) => one.version)).toEqual([
      3, 2, 1,
    ]);
  });

  test.each([
    ['a code twice', [{ ...frame, codes: [frame.codes[0], frame.codes[0]] }], 'listed twice'],
    ['a version twice', [frame, frame], 'given twice'],
    ['an unknown group', [{ ...frame, codes: [{ code: 'a', label: 'A', group: 'x' }] }], 'unknown group x'],
    [
      'an unknown replacement',
      [{ ...frame, codes: [{ code: 'a', label: 'A', retired: true, replacedBy: ['x'] }] }],
      'unknown replacement x',
    ],
    [
      'a replacement without retirement',
      [{ ...frame, codes: [{ code: 'a', label: 'A', replacedBy: ['a'] }] }],
      'needs retired',
    ],
    ['an unknown rollup member', [{ ...frame, rollups: [{ id: 'r', label: 'R', codes: ['x'] }] }], 'unknown code x'],
    [
      'a cross-walk to nowhere',
      [{ ...frame, codes: [{ code: 'a', label: 'A', crosswalk: { issues: ['x'] } }] }],
      'unknown x',
    ],
    ['no label', [{ ...frame, codes: [{ code: 'a', label: '' }] }], 'label'],
    ['a field nobody knows', [{ ...frame, colour: 'red' }], 'colour'],
    ['no frame at all', [null], 'frame 0'],
  ])('refuses %s', (_, files, message) => {
    expect(() => loadFrames(files)).toThrow(message);
  });

  test('every problem is told at once', () => {
    expect(() => loadFrames([null, { ...frame, codes: [{ code: 'a', label: 'A', group: 'x' }] }, frame])).toThrow(
      /frame 0.*\n(?:.*\n)*.*unknown group x/,
    );
  });
});
