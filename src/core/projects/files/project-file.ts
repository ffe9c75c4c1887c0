import * as z from 'zod';
import { HandlerPath } from '../../publishing/handlers/handler.schema';

/** The name of a project, in URLs and on the wire. */
export const ProjectName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be 1 to 63 lower case letters, digits or -, starting with a letter');

const TargetName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
const names = z.record(z.string().max(200), z.string().max(200));

const Target = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({ description: 'Origin of the service' }),
  executor: z.string().max(128).optional().meta({ description: 'User who runs endpoints that name none' }),
  protected: z.boolean().default(false).meta({ description: 'A push asks for the name of the target' }),
  names: z
    .strictObject({ users: names.default({}), keys: names.default({}) })
    .meta({ description: 'Names that differ in this target, by the name that files use' })
    .prefault({}),
});

/** `portico.jsonc`: the project and the services that it is pushed to. */
export const ProjectFile = z.strictObject({
  project: ProjectName,
  targets: z.record(TargetName, Target),
  default: TargetName.optional().meta({ description: 'Target of commands that name none' }),
  moved: z
    .array(z.strictObject({ handler: HandlerPath, to: HandlerPath }))
    .max(1000)
    .meta({ description: 'Handlers with a new path: versions stay' })
    .default([]),
});
export type ProjectFile = z.output<typeof ProjectFile>;
