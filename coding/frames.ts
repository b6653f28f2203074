import { frameSchema, type Frame, type FrameCode } from './frame-schema.ts';
import carePathwayV1 from './frames/care-pathway.v1.json' with { type: 'json' };
import issuesV1 from './frames/issues.v1.json' with { type: 'json' };
import nhsFrameworkV1 from './frames/nhs-framework.v1.json' with { type: 'json' };
import nhsFrameworkV6 from './frames/nhs-framework.v6.json' with { type: 'json' };
import thOutcomesV1 from './frames/th-outcomes.v1.json' with { type: 'json' };

/** What is wrong inside one frame: codes twice, unknown groups, replacements or roll-up members. */
function frameProblems(frame: Frame): string[] {
  const codes = new Set(frame.codes.map((code) => code.code));
  const groups = new Set((frame.groups ?? []).map((group) => group.id));
  const strangers = (from: string, named: readonly string[], known: ReadonlySet<string>, what: string): string[] =>
    named.filter((name) => !known.has(name)).map((name) => `${from}: unknown ${what} ${name}`);
  return [
    ...(codes.size === frame.codes.length ? [] : ['a code is listed twice']),
    ...frame.codes.flatMap(({ code, group }) => strangers(code, group === undefined ? [] : [group], groups, 'group')),
    ...frame.codes.flatMap(({ code, replacedBy }) => strangers(code, replacedBy ?? [], codes, 'replacement')),
    ...(frame.rollups ?? []).flatMap((rollup) => strangers(rollup.id, rollup.codes, codes, 'code')),
  ];
}

/** Every code a cross-walk names must exist in some version of the scheme it points to. */
function crosswalkProblems(all: readonly Frame[]): string[] {
  const known = new Set(all.flatMap((frame) => frame.codes.map((code) => `${frame.scheme}/${code.code}`)));
  return all.flatMap((frame) =>
    frame.codes.flatMap((code) =>
      [
        ...(code.crosswalk?.issues ?? []).filter((to) => !known.has(`issues/${to}`)),
        ...(code.crosswalk?.stages ?? []).filter((to) => !known.has(`care-pathway/${to}`)),
      ].map((to) => `${frame.scheme} v${frame.version}: ${code.code}: cross-walk to unknown ${to}`),
    ),
  );
}

/**
 * Validates frames as read from their files.
 * @returns the frames, newest version of a scheme first
 * @throws Error naming every problem at once: shape, codes twice, references that lead nowhere, a version given twice
 */
export function loadFrames(files: readonly unknown[]): readonly Frame[] {
  const problems: string[] = [];
  const loaded: Frame[] = [];
  for (const [at, file] of files.entries()) {
    const parsed = frameSchema.safeParse(file);
    if (parsed.success) loaded.push(parsed.data);
    else problems.push(...parsed.error.issues.map((issue) => `frame ${at}: ${issue.path.join('.')}: ${issue.message}`));
  }
  const seen = new Set<string>();
  for (const frame of loaded) {
    const id = `${frame.scheme} v${frame.version}`;
    if (seen.has(id)) problems.push(`${id} is given twice`);
    seen.add(id);
    problems.push(...frameProblems(frame).map((problem) => `${id}: ${problem}`));
  }
  problems.push(...crosswalkProblems(loaded));
  if (problems.length > 0) throw new Error(`Code frames are not usable:\n${problems.join('\n')}`);
  return loaded.toSorted((a, b) => a.scheme.localeCompare(b.scheme) || b.version - a.version);
}

/** Every version of every scheme that is shipped, newest version of a scheme first. */
export const frames: readonly Frame[] = loadFrames([
  carePathwayV1,
  issuesV1,
  nhsFrameworkV1,
  nhsFrameworkV6,
  thOutcomesV1,
]);

/** One version of a scheme, the newest where none is named; undefined if there is none. */
export function findFrame(scheme: string, version?: number): Frame | undefined {
  return frames.find((frame) => frame.scheme === scheme && (version === undefined || frame.version === version));
}

/**
 * What a stored code means, retired or not.
 * Without a version the newest that has the code answers, so that a code dropped from a later version stays readable.
 */
export function findCode(scheme: string, code: string, version?: number): FrameCode | undefined {
  for (const frame of frames) {
    if (frame.scheme !== scheme || (version !== undefined && frame.version !== version)) continue;
    const found = frame.codes.find((candidate) => candidate.code === code);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The codes staff may choose from today: those of the newest version that are not retired. */
export function activeCodes(scheme: string): FrameCode[] {
  return findFrame(scheme)?.codes.filter((code) => code.retired !== true) ?? [];
}

/** The English label staff read for a code; the code itself where no frame knows it. */
export function codeLabel(scheme: string, code: string, version?: number): string {
  return findCode(scheme, code, version)?.label ?? code;
}
