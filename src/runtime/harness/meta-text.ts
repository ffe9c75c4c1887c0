/** Facts of a call as JSON text, or its UTF-8 where it is long: see `packMeta` in runtime.ts. */
export type Meta = string | ArrayBuffer;

const decoder = new TextDecoder();

export const metaText = (meta: Meta): string => (typeof meta === 'string' ? meta : decoder.decode(meta));
