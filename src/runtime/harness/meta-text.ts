/** Facts of a call as JSON text, or its UTF-8 where it is long: see `packMeta` in runtime.ts. */
export type MetaText = string | ArrayBuffer;

/** A parameter that is a long text. */
export type LongText = [name: string, text: string];

/** The same for JavaScript. Parameters that are long texts come beside the JSON, in which they are empty: nothing escapes and parses them. */
export type Meta = MetaText | { json: string; texts: LongText[] };

const decoder = new TextDecoder();

export const metaText = (meta: MetaText): string => (typeof meta === 'string' ? meta : decoder.decode(meta));
