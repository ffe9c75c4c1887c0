import { quoted } from '../../../kernel/errors';
import { MAX_FILTERS, OPERATORS, type FilterOperator } from '../catalogue/row.schema';
import { pointerSegment } from '../../../kernel/json-pointer';
import { isObject } from '../../../kernel/json.rules';

export type Refuse = (pointer: string, code: string, message: string) => void;

/** One condition as written, with its pointer. */
export interface ReadCondition {
  field: string;
  op: FilterOperator;
  value?: unknown;
  pointer: string;
}
type Draft = Omit<ReadCondition, 'op'> & { op: unknown };

/**
 * Parses both forms of `where` to one list of conditions: `[{field, op, value}]`, or values by column. Rejects unknown parts: an ignored
 * condition would match every row.
 */
export function readWhere(where: unknown, refuse: Refuse): ReadCondition[] {
  if (where === undefined) return [];
  const drafts = Array.isArray(where) ? fromList(where, refuse) : fromObject(where as Record<string, unknown>, refuse);
  if (drafts.length > MAX_FILTERS) {
    refuse('#/where', 'too_big', `must have at most ${MAX_FILTERS} conditions`);
    return [];
  }
  return drafts.flatMap((draft): ReadCondition[] => {
    const { op } = draft;
    if (isOperator(op)) return [{ ...draft, op }];
    const shown = typeof op === 'string' ? quoted(op) : `of the type ${typeof op}`;
    refuse(draft.pointer, 'invalid_filter', `unknown operator ${shown}; use one of ${OPERATORS.join(', ')}`);
    return [];
  });
}

function fromList(where: unknown[], refuse: Refuse): Draft[] {
  return where.slice(0, MAX_FILTERS + 1).flatMap((filter, i): Draft[] => {
    const pointer = `#/where/${i}`;
    const bad = (what: string): Draft[] => {
      refuse(pointer, 'invalid_filter', `${what}; a condition is {field, op, value}`);
      return [];
    };
    if (!isObject(filter)) return bad('must be an object');
    const { field, op = 'eq', value, ...rest } = filter as Record<string, unknown>;
    const [other] = Object.keys(rest);
    if (other !== undefined) return bad(`unknown field ${quoted(other)}`);
    if (typeof field !== 'string' || field.length > 63) return bad('field must be the name of a column');
    return [{ field, op, value, pointer }];
  });
}

/** Parses the short form. Stops after the first condition too many, since every name may have any number of operators. */
function fromObject(where: Record<string, unknown>, refuse: Refuse): Draft[] {
  const drafts: Draft[] = [];
  for (const [name, value] of Object.entries(where)) {
    if (drafts.length > MAX_FILTERS) break;
    const field = quoted(name);
    const pointer = `#/where${pointerSegment(field)}`;
    if (Array.isArray(value)) drafts.push({ field, op: 'in', value, pointer });
    else if (typeof value !== 'object' || value === null) drafts.push({ field, op: 'eq', value, pointer });
    else {
      const operators = Object.entries(value as Record<string, unknown>).slice(0, MAX_FILTERS + 1);
      if (operators.length === 0)
        refuse(pointer, 'invalid_filter', `${field}: must have at least one operator, such as {"gte": 5}`);
      drafts.push(...operators.map(([op, operand]): Draft => ({ field, op, value: operand, pointer })));
    }
  }
  return drafts;
}

const isOperator = (op: unknown): op is FilterOperator => OPERATORS.some((known) => known === op);
