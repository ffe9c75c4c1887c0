import { quoted } from '../../../kernel/errors';
import { MAX_FILTERS, OPERATORS, type FilterOperator } from '../catalogue/row.schema';
import { pointerSegment } from '../../../kernel/json-pointer';
import { isObject } from '../../../kernel/json.rules';

export type Refuse = (pointer: string, code: string, message: string) => void;

/** One condition as it was written, with its place. */
export interface ReadCondition {
  field: string;
  op: FilterOperator;
  value?: unknown;
  pointer: string;
}
type Draft = Omit<ReadCondition, 'op'> & { op: unknown };

/**
 * Both forms of `where` as one list of conditions: `[{field, op, value}]`, or values by column. What is not understood is refused, never
 * passed over: a condition that is not read would be one that every row passes.
 */
export function readWhere(where: unknown, refuse: Refuse): ReadCondition[] {
  if (where === undefined) return [];
  const drafts = Array.isArray(where) ? fromList(where, refuse) : fromObject(where as Record<string, unknown>, refuse);
  if (drafts.length > MAX_FILTERS) {
    refuse('#/where', 'too_big', `at most ${MAX_FILTERS} conditions`);
    return [];
  }
  return drafts.flatMap((draft): ReadCondition[] => {
    const { op } = draft;
    if (isOperator(op)) return [{ ...draft, op }];
    const shown = typeof op === 'string' ? quoted(op) : `of the type ${typeof op}`;
    refuse(draft.pointer, 'invalid_filter', `there is no operator ${shown}; there are ${OPERATORS.join(', ')}`);
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
    if (other !== undefined) return bad(`there is no ${quoted(other)}`);
    if (typeof field !== 'string' || field.length > 63) return bad('field must be the name of a column');
    return [{ field, op, value, pointer }];
  });
}

/** Stops behind the first that is too many: every name in it may have any number of operators. */
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
        refuse(pointer, 'invalid_filter', `${field}: an object has operators, such as {"gte": 5}; this one has none`);
      drafts.push(...operators.map(([op, operand]): Draft => ({ field, op, value: operand, pointer })));
    }
  }
  return drafts;
}

const isOperator = (op: unknown): op is FilterOperator => OPERATORS.some((known) => known === op);
