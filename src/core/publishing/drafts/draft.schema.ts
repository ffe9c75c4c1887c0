import * as z from 'zod';
import { SOURCE_BYTES } from '../handlers/handler.schema';

/** Drafts of one user: their editors delete what was saved. */
export const MAX_DRAFTS = 200;

export const DraftParams = z.strictObject({
  kind: z.enum(['handler', 'graph', 'operation']),
  id: z.string().min(1).max(64).meta({ description: 'Id of what is edited; `new` for what is not saved yet' }),
});
export type DraftParams = z.infer<typeof DraftParams>;

export const PutDraftInput = z.strictObject({
  text: z
    .string()
    .refine((text) => new TextEncoder().encode(text).length <= SOURCE_BYTES, `must have at most ${SOURCE_BYTES} bytes`)
    .meta({ description: `At most ${SOURCE_BYTES} bytes` }),
  baseVersion: z.int().min(0).meta({ description: 'The version that the draft began with; 0 for none' }),
  follows: z.int().min(0).meta({ description: 'Revision of the draft that this text replaces; 0: there is none yet' }),
});
export type PutDraftInput = z.infer<typeof PutDraftInput>;

const summary = {
  ...DraftParams.shape,
  baseVersion: z.int(),
  revision: z.int(),
  updatedAt: z.iso.datetime(),
};
export const DraftSummary = z.object(summary);
export type DraftSummary = z.infer<typeof DraftSummary>;
export const Draft = z.object({ ...summary, text: z.string() });
export type Draft = z.infer<typeof Draft>;
