import type { Issue } from '../../../kernel/errors';
import { checkReference, type Surroundings } from '../../workflow/language/reference.rules';
import { START } from '../../workflow/language/scope.rules';
import { findValues } from '../../workflow/language/value.rules';
import type { MiddlewareAttachment, Workflow } from '../../workflow/document/workflow.schema';
import { pointerSegment } from '../../../kernel/json-pointer';

/**
 * Checks the values that an endpoint gives to a middleware: each names a parameter of it, required ones are present, and expressions use
 * the roots of the call. `surroundings.middleware` is the number of middleware that run before this one. Pointers are into the attachment.
 */
export function checkAttachment(
  middleware: Workflow,
  attachment: MiddlewareAttachment,
  surroundings: Surroundings,
): { errors: Issue[]; warnings: Issue[] } {
  const errors: Issue[] = [];
  const warnings: Issue[] = [];
  if (middleware.kind !== 'middleware')
    errors.push({
      pointer: '/handler',
      code: 'invalid_field',
      message: 'only a workflow of kind middleware can be attached',
    });
  const parameters = middleware.parameters ?? [];
  for (const name of Object.keys(attachment.with)) {
    if (!parameters.some((parameter) => parameter.name === name)) {
      errors.push({
        pointer: `/with${pointerSegment(name)}`,
        code: 'unknown_reference',
        message: `unknown parameter ${name} of the middleware`,
      });
    }
  }
  for (const { name, required, default: value } of parameters) {
    if (required && value === undefined && !Object.hasOwn(attachment.with, name)) {
      errors.push({
        pointer: '/with',
        code: 'unknown_reference',
        message: `the middleware requires a value for ${name}`,
      });
    }
  }
  const values = Object.entries(attachment.with).flatMap(([name, value]) =>
    findValues(value, `/with${pointerSegment(name)}`),
  );
  for (const value of values) {
    const { pointer } = value;
    if (value.kind === 'malformed') errors.push({ pointer, code: 'bad_expression', message: value.message });
    else if (value.kind === 'secret')
      errors.push({ pointer, code: 'secret_not_allowed', message: 'a middleware reads secrets itself' });
    else {
      errors.push(
        ...value.issues.map(({ message, offset }): Issue => ({
          pointer,
          code: 'bad_expression',
          message: `${message}, at offset ${offset}`,
        })),
      );
      for (const reference of value.references) {
        // No step has run yet and no variable is set: the walk's first scope makes naming one an issue.
        const finding = checkReference(reference, START, surroundings);
        if (finding !== null) (finding.code === 'maybe_missing' ? warnings : errors).push({ pointer, ...finding });
      }
    }
  }
  return { errors, warnings };
}
