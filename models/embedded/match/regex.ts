import { CommandError } from '../errors.ts';

const flagByOption: Readonly<Record<string, string>> = { i: 'i', m: 'm', s: 's', u: '', x: '', l: '', g: '' };

/** Patterns are PCRE on MongoDB; these rewrites cover what JavaScript writes differently. */
function translate(pattern: string, extended: boolean): string {
  const named = pattern.replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\z', '$').replaceAll('\\Z', '$');
  return extended ? stripExtended(named) : named;
}

/** `x`: white space outside classes and comments from # to the end of the line mean nothing. */
function stripExtended(pattern: string): string {
  return pattern.replaceAll(
    /(\\.|\[(?:\\.|[^\]\\])*\])|\s+|#[^\n]*/g,
    (_whole, kept: string | undefined) => kept ?? '',
  );
}

/** Compiles a MongoDB regular expression; options are i, m, s, x, u. Throws 51091 for one that does not compile, 51108 for an unknown option. */
export function compileRegex(pattern: string, options: string): RegExp {
  if (pattern.includes('\0')) throw new CommandError(2, 'Regular expression cannot contain an embedded null byte');
  let flags = '';
  for (const option of options) {
    const flag = flagByOption[option];
    if (flag === undefined) throw new CommandError(51108, `invalid flag in regex options: ${option}`);
    if (!flags.includes(flag) || flag === '') flags += flag;
  }
  let source = translate(pattern, options.includes('x'));
  const inline = /^\(\?([ims]+)\)/.exec(source);
  if (inline?.[1] !== undefined) {
    source = source.slice(inline[0].length);
    for (const flag of inline[1]) if (!flags.includes(flag)) flags += flag;
  }
  return build(source, flags);
}

function build(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    try {
      return new RegExp(source, flags);
    } catch (error) {
      throw new CommandError(
        51091,
        `Regular expression is invalid: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

/** The literal text every match begins with, for case-sensitive patterns anchored at the start; '' when there is none. */
export function literalPrefix(pattern: string, options: string): string {
  if (!pattern.startsWith('^') || /[imx]/.test(options) || pattern.includes('|')) return '';
  const literal = /^\^((?:[\p{L}\p{N} _:;,@#%&=~"'<>/-]|\\[.\-/^$+*?()[\]{}|\\])*)/u.exec(pattern)?.[1] ?? '';
  const next = pattern.charAt(1 + literal.length);
  const kept = '*?{'.includes(next) && next !== '' ? dropLast(literal) : literal;
  return kept.replaceAll(/\\(.)/g, '$1');
}

function dropLast(literal: string): string {
  return literal.replace(/(?:\\.|[^\\])$/u, '');
}
