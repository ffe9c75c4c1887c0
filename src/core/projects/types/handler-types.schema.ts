import * as z from 'zod';

/** The types for the source of one handler. */
export const HandlerTypes = z.object({
  text: z.string().meta({
    description:
      'portico.d.ts, as `portico types` writes it: parameters of the endpoints of this handler, the tables that you may read, and the secrets that these endpoints list',
  }),
  endpoints: z
    .array(
      z.object({
        id: z.string(),
        path: z.string(),
        identity: z.string().meta({ description: 'Its name in the types: `POST quote`' }),
        secrets: z.array(z.string()),
      }),
    )
    .meta({ description: 'The endpoints of this handler, newest first, at most 100' }),
});
export type HandlerTypes = z.infer<typeof HandlerTypes>;
