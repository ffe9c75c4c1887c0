import type { EndpointParameter } from './parameter.schema';

/** A JSON Schema of draft 2020-12. */
export type JsonSchema = { [keyword: string]: unknown };

/** Keywords whose members are names of the author, not keywords. */
export const NAMED: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', '$defs', 'definitions'],
  ...['dependentSchemas', 'dependentRequired', 'dependencies'],
]);
/** Keywords whose values are data. */
export const DATA: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'required']);

/** Copies a schema that will be at `place` of another document: its references to parts of itself lead there. Its root has no `$id`. */
export function movedTo(place: string, { $id: _id, ...schema }: JsonSchema): JsonSchema {
  return moved(schema) as JsonSchema;

  function moved(value: unknown, areNames = false): unknown {
    if (Array.isArray(value)) return value.map((item) => moved(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]: [string, unknown]) => {
        if (areNames) return [name, moved(part)];
        if (name === '$ref' && typeof part === 'string') return [name, part.replace(/^#(?=$|\/)/, place)];
        return [name, DATA.has(name) ? part : moved(part, NAMED.has(name))];
      }),
    );
  }
}

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
