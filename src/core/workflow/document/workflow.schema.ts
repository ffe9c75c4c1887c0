import * as z from 'zod';
import { ACTIONS } from '../actions/action-list';
import { stepSchema, type Step } from '../language/action';
import { Value } from '../language/value.schema';
import { ParameterName } from '../../parameters/parameter.schema';

const WORKFLOW_KINDS = ['workflow', 'middleware'] as const;

/** Bounds of one run: steps run, loop rounds of all loops together, steps within steps. An endpoint may override the first two. */
const WorkflowLimits = z.strictObject({
  steps: z.int().min(1).max(10_000).default(500),
  rounds: z.int().min(1).max(100_000).default(1_000),
  nesting: z.int().min(1).max(64).default(32),
});
type WorkflowLimits = z.infer<typeof WorkflowLimits>;

/** A middleware's own parameter; `with` of an attachment gives its value. A workflow's parameters are its endpoint's. */
const MiddlewareParameter = z.strictObject({
  name: ParameterName,
  required: z.boolean().default(true),
  default: Value.optional(),
  description: z.string().max(2_000).default(''),
});
type MiddlewareParameter = z.infer<typeof MiddlewareParameter>;

const head = {
  $schema: z.string().max(2_000).optional().meta({ description: 'URL of this schema, for editors' }),
  kind: z.enum(WORKFLOW_KINDS),
  description: z.string().max(10_000).optional(),
  parameters: z.array(MiddlewareParameter).max(100).optional().meta({ description: 'For middleware only' }),
  limits: WorkflowLimits.prefault({}),
};

/** The document with unread steps: they are read one by one. */
export const WorkflowHead = z.strictObject({ ...head, steps: z.array(z.unknown()) });
export type WorkflowHead = z.infer<typeof WorkflowHead>;

/** A workflow that passed the shape checks. */
export interface Workflow extends Omit<WorkflowHead, 'steps'> {
  steps: Step[];
}

/** A middleware attached to an endpoint: values for its parameters, as expressions over the roots of the call. */
export const MiddlewareAttachment = z.strictObject({
  handler: z.string().min(1).max(512),
  with: z.record(z.string().max(64), Value).default({}),
});
export type MiddlewareAttachment = z.infer<typeof MiddlewareAttachment>;

/** Builds the JSON Schema (2020-12) of the format, for editors, from the schemas that read the steps. */
export function workflowJsonSchema(): z.core.JSONSchema.JSONSchema {
  // A step holds lists of steps: TypeScript cannot infer the type of a schema that contains itself, and that of its union is too large to
  // spell, so the cast names what the list reads. Only its JSON Schema is used; steps are parsed one by one.
  const block = z.lazy(() => z.array(step)) as unknown as z.ZodType<Step[]>;
  const step = z.union(ACTIONS.map((action) => stepSchema(action, block))).meta({ id: 'Step' });
  const schema = z.strictObject({ ...head, steps: block }).meta({ title: 'Portico workflow' });
  return z.toJSONSchema(schema, { io: 'input' });
}
