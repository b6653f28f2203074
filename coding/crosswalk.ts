import { findFrame } from './frames.ts';

/** One code of the NHS framework seen from an issue. `closest` is true where the issue is the first the code names. */
export interface FrameworkCode {
  code: string;
  label: string;
  closest: boolean;
}

/**
 * The issues an NHS framework label stands for, closest first; empty where the frame says there is none.
 * @param label as published (`Timeliness of care`) or as a code (`timeliness-of-care`)
 * @returns undefined for a label that the version does not know
 */
export function issuesOfFrameworkLabel(label: string, version?: number): readonly string[] | undefined {
  const frame = findFrame('nhs-framework', version);
  return frame?.codes.find((code) => code.label === label || code.code === label)?.crosswalk?.issues;
}

/** The NHS framework codes an issue is reported under to a trust, those closest to it first. */
export function frameworkCodesOfIssue(issue: string, version?: number): FrameworkCode[] {
  const codes = findFrame('nhs-framework', version)?.codes ?? [];
  return codes
    .filter((code) => code.retired !== true && code.crosswalk?.issues.includes(issue) === true)
    .map((code) => ({ code: code.code, label: code.label, closest: code.crosswalk?.issues[0] === issue }))
    .toSorted((a, b) => Number(b.closest) - Number(a.closest));
}
