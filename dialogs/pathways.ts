import { z } from 'zod';
import asidesJson from './pathways/asides.json' with { type: 'json' };
import careExperience from './pathways/care-experience.json' with { type: 'json' };

/** Pathways are data: what is asked, in which order, under which conditions. Texts only by catalogue key. */

const condition = z.union([
  z.strictObject({ question: z.string(), is: z.array(z.string()) }),
  z.strictObject({ question: z.string(), isNot: z.array(z.string()) }),
  z.strictObject({
    serviceKind: z.union([z.strictObject({ in: z.array(z.string()) }), z.strictObject({ notIn: z.array(z.string()) })]),
  }),
  z.strictObject({ short: z.boolean() }),
  z.strictObject({ started: z.boolean() }),
]);

const option = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** Catalogue key of what is shown. */
  title: z.string(),
  /** Meanings in languages/words whose words choose this option. */
  words: z.array(z.string()),
  /** What choosing it says about the experience. */
  codings: z.array(z.strictObject({ scheme: z.string(), schemeVersion: z.int(), code: z.string() })).default([]),
  /** The overall rating it stands for, 1 (very poor) .. 5 (very good). */
  rating: z.int().min(1).max(5).optional(),
  when: z.array(condition).default([]),
});

const question = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  kind: z.enum(['choice', 'multi', 'text', 'story', 'service', 'consent', 'language']),
  /** Catalogue keys by wording: `ask`, `again` and `last` for the second and third time, `back` when revisited, and the kind's own. */
  texts: z.object({ ask: z.string(), again: z.string(), last: z.string(), back: z.string() }).catchall(z.string()),
  options: z.array(option).default([]),
  purpose: z.enum(['store', 'follow-up']).optional(),
  /** Meanings that choose every option at once. */
  all: z.array(z.string()).default([]),
  skippable: z.boolean().default(true),
  /** `person`: asked once, not again for the next experience. */
  per: z.enum(['experience', 'person']).default('experience'),
  /** The words of the answer are read for codes. */
  coded: z.boolean().default(false),
  /** Asked only when all of these hold. */
  when: z.array(condition).default([]),
});

const pathway = z.strictObject({ id: z.string(), version: z.int().min(1), questions: z.array(question).min(1) });

export type Condition = z.infer<typeof condition>;
export type Option = z.infer<typeof option>;
export type Question = z.infer<typeof question>;
export type Pathway = z.infer<typeof pathway>;

/** Checks a pathway file. Throws a ZodError that names what is wrong, or an Error for ids used twice or conditions on nothing. */
export function parsePathway(data: unknown): Pathway {
  const parsed = pathway.parse(data);
  assertUnique(parsed.id, parsed.questions.map(({ id }) => id)); // prettier-ignore
  const known = new Set(parsed.questions.map(({ id }) => id));
  for (const { id, options, when } of parsed.questions) {
    assertUnique(id, options.map((each) => each.id)); // prettier-ignore
    for (const each of [when, ...options.map((o) => o.when)].flat()) {
      if ('question' in each && !known.has(each.question))
        throw new Error(`${id} depends on the unknown ${each.question}`);
    }
  }
  return parsed;
}

function assertUnique(where: string, ids: readonly string[]): void {
  if (new Set(ids).size !== ids.length) throw new Error(`An id is used twice in ${where}`);
}

/** The pathways in use, the first being the one a new conversation takes. */
export const PATHWAYS: readonly Pathway[] = [parsePathway(careExperience)];

/** Questions that may stand outside every pathway: before erasing, and after the end. */
export const ASIDES: readonly Question[] = z.array(question).parse(asidesJson.questions);
