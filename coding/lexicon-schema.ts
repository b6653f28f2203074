import { z } from 'zod';

const formSchema = z.string().min(1);

const blockSchema = z.strictObject({
  /** How far one form alone speaks for the code, 0..1; several are combined as independent evidence. */
  weight: z.number().gt(0).max(1),
  /** What the form itself says: `rude` is negative whatever stands around it. */
  sentiment: z.enum(['positive', 'negative', 'neutral']).optional(),
  /** What it says where nothing around it does: `queue`. */
  leans: z.enum(['positive', 'negative']).optional(),
  /** False for forms that hold their own negation: `could not get through`. */
  negatable: z.boolean().default(true),
  forms: z.array(formSchema).min(1),
});

/**
 * One language's words for the codes (coding/lexicons). A form is one or more words with spaces between:
 * `wait` stands for all of its endings, `=parking` only for the word as written, `recep*` for all that begins so,
 * and `…` between two words lets up to four others stand there.
 */
export const lexiconSchema = z.strictObject({
  language: z.string().min(2),
  version: z.int().positive(),
  status: z.string().min(1),
  source: z.string().min(1),
  /** Words that begin a new clause: `but`. */
  clauseWords: z.array(formSchema),
  /** Words between equals, over which a judgement carries less far: `and`. */
  joiningWords: z.array(formSchema),
  negation: z.strictObject({
    /** Words that negate what follows, and those that negate what came before. */
    before: z.array(formSchema),
    after: z.array(formSchema),
    /** Endings that make a word negative in itself and negate what came before: -নি. */
    endings: z.array(formSchema),
    /** Phrases in which such a word negates nothing: `not only`. */
    except: z.array(formSchema),
    /** How many words it reaches. */
    reach: z.int().positive().max(8),
  }),
  sentiment: z.strictObject({ positive: z.array(formSchema).min(1), negative: z.array(formSchema).min(1) }),
  /** Words that are one letter away from a form and mean something else. */
  notTypos: z.array(formSchema),
  issues: z.record(z.string(), z.array(blockSchema).min(1)),
  stages: z.record(z.string(), z.array(blockSchema).min(1)),
});

export type LexiconFile = z.infer<typeof lexiconSchema>;
export type LexiconBlock = z.infer<typeof blockSchema>;
