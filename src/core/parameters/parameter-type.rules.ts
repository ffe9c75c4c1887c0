/** Types of the parameters of an endpoint. */
export const ENDPOINT_PARAMETER_TYPES = [
  'text',
  'longtext',
  'email',
  'url',
  'uuid',
  'integer',
  'number',
  'boolean',
  'date',
  'datetime',
  'enum',
  'json',
  'object',
  'array',
  'file',
] as const;
export type EndpointParameterType = (typeof ENDPOINT_PARAMETER_TYPES)[number];

/** Types for which each rule of a parameter is allowed. */
export const TYPES_OF_RULE: Record<
  'min' | 'max' | 'minLength' | 'maxLength' | 'pattern' | 'values',
  readonly EndpointParameterType[]
> = {
  min: ['integer', 'number'],
  max: ['integer', 'number'],
  minLength: ['text', 'longtext', 'email', 'url', 'array', 'file'],
  maxLength: ['text', 'longtext', 'email', 'url', 'array', 'file'],
  pattern: ['text', 'longtext'],
  values: ['enum'],
};
