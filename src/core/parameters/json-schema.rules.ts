import type { EndpointParameter } from './parameter.schema';

/** A JSON Schema of draft 2020-12. */
export type JsonSchema = { [keyword: string]: unknown };

const FORMATS: Partial<Record<EndpointParameter['type'], string>> = {
  email: 'email',
  url: 'uri',
  uuid: 'uuid',
  date: 'date',
  datetime: 'date-time',
};

/** Returns the JSON Schema of the values of a parameter. A file is a string of bytes. `pattern` holds for the whole value. */
export function jsonSchemaOf(parameter: EndpointParameter): JsonSchema {
  const { type, description, min, max, minLength, maxLength, pattern, values, test } = parameter;
  const about = {
    ...(description === '' ? {} : { description }),
    ...(parameter.default === null ? {} : { default: parameter.default }),
    ...(test === null || type === 'file' || parameter.sensitive ? {} : { examples: [test] }),
  };
  switch (type) {
    case 'integer':
    case 'number':
      return { type, ...bounds({ minimum: min, maximum: max }), ...about };
    case 'boolean':
    case 'object':
      return { type, ...about };
    case 'enum':
      return { type: 'string', enum: values!, ...about };
    case 'array':
      return { type, items: {}, ...bounds({ minItems: minLength, maxItems: maxLength }), ...about };
    case 'json':
      return about;
    case 'file':
      return { type: 'string', format: 'binary', ...about };
    default: {
      const format = FORMATS[type];
      return {
        type: 'string',
        ...(format === undefined ? {} : { format }),
        ...bounds({ minLength, maxLength, pattern: pattern === undefined ? undefined : `^(?:${pattern})$` }),
        ...about,
      };
    }
  }
}

const bounds = (values: Record<string, unknown>): JsonSchema =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
