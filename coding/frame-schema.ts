import { z } from 'zod';

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

const codeSchema = z
  .strictObject({
    code: slug,
    label: z.string().min(1),
    description: z.string().optional(),
    group: slug.optional(),
    /** Issues and stages this code corresponds to, the closest first. */
    crosswalk: z.strictObject({ issues: z.array(slug), stages: z.array(slug).optional() }).optional(),
    retired: z.boolean().optional(),
    replacedBy: z.array(slug).optional(),
  })
  .refine((code) => code.replacedBy === undefined || code.retired === true, 'replacedBy needs retired: true');

/** The shape of one file in coding/frames: one version of one scheme. */
export const frameSchema = z.strictObject({
  scheme: slug,
  version: z.int().positive(),
  label: z.string().min(1),
  /** True until the owner of the scheme has confirmed codes and wording. */
  provisional: z.boolean(),
  source: z.string().min(1),
  /** Name the taxonomy bears in the published data, where it has one. */
  taxonomy: z.string().optional(),
  groups: z.array(z.strictObject({ id: slug, label: z.string().min(1) })).optional(),
  rollups: z.array(z.strictObject({ id: slug, label: z.string().min(1), codes: z.array(slug) })).optional(),
  codes: z.array(codeSchema).min(1),
});

/** One code of a frame. A retired code is no longer offered but stays readable. */
export type FrameCode = z.infer<typeof codeSchema>;

/** One version of one scheme. */
export type Frame = z.infer<typeof frameSchema>;
