import { TYPES_OF_RULE, type EndpointParameterType } from '../../../../src/core/parameters/parameter-type.rules';
import type { CallInput } from '../../api/call';
import { fromField, toField } from '../handler/test-values.rules';
import type { Endpoint } from '../endpoint/endpoint.queries';

export type Parameter = Endpoint['parameters'][number];
type Sent = NonNullable<NonNullable<CallInput<'PATCH /admin/endpoints/:id'>['body']>['parameters']>[number];
export type RuleName = keyof typeof TYPES_OF_RULE;

/** A parameter as its form holds it: texts for what is typed. */
export interface Row {
  /** Undefined for a new one. With it, a changed name is a rename, which steps follow. */
  id: string | undefined;
  name: string;
  sentAs: string;
  in: Parameter['in'];
  type: EndpointParameterType;
  required: boolean;
  sensitive: boolean;
  default: string;
  test: string;
  description: string;
  rules: Record<RuleName, string>;
  /** Fields that the form does not show, and leaves as they are. */
  rest: Partial<Sent>;
}

export const RULE_NAMES = Object.keys(TYPES_OF_RULE) as RuleName[];
export const rulesOf = (type: EndpointParameterType): RuleName[] =>
  RULE_NAMES.filter((rule) => TYPES_OF_RULE[rule].includes(type));

export function toRow(parameter: Parameter): Row {
  const { id, name, sentAs = '', type, required, sensitive, description, aliases } = parameter;
  const ruleText = (rule: RuleName): string => {
    const value = parameter[rule];
    return Array.isArray(value) ? value.join('\n') : String(value ?? '');
  };
  return {
    id,
    name,
    sentAs,
    in: parameter.in,
    type,
    required,
    sensitive,
    default: toField({ type, test: parameter.default, default: null }),
    test: toField({ type, test: parameter.test, default: null }),
    description,
    rules: Object.fromEntries(RULE_NAMES.map((rule) => [rule, ruleText(rule)])) as Row['rules'],
    rest: aliases === undefined ? {} : { aliases },
  };
}

export const newRow = (count: number): Row => ({
  id: undefined,
  name: `parameter${count}`,
  sentAs: '',
  in: 'body',
  type: 'text',
  required: false,
  sensitive: false,
  default: '',
  test: '',
  description: '',
  rules: Object.fromEntries(RULE_NAMES.map((rule) => [rule, ''])) as Row['rules'],
  rest: {},
});

/** Returns the parameter that a row stands for. Rules that its type does not have are left out; the service checks all else. */
export function fromRow(row: Row): Sent {
  const { id, name, sentAs, type, required, sensitive, description, rest } = row;
  const value = (text: string) => (fromField({ type }, text) ?? null) as Sent['default'];
  const rules = rulesOf(type)
    .filter((rule) => row.rules[rule] !== '')
    .map((rule) => [rule, ruleValue(rule, row.rules[rule])]);
  return {
    ...rest,
    ...(id !== undefined && { id }),
    name,
    ...(sentAs !== '' && { sentAs }),
    in: row.in,
    type,
    required,
    sensitive,
    default: value(row.default),
    test: value(row.test),
    description,
    ...(Object.fromEntries(rules) as object),
  };
}

function ruleValue(rule: RuleName, text: string): unknown {
  if (rule === 'pattern') return text;
  if (rule === 'values') return text.split('\n').filter((line) => line !== '');
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
