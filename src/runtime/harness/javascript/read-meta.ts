import { metaText, type Meta } from '../meta-text';
import type { CallMeta } from './call';
import { parse } from './json';

/** Parses the facts of a call, and puts its long texts among the parameters. */
export function readMeta(meta: Meta): CallMeta {
  if (typeof meta === 'string' || meta instanceof ArrayBuffer) return parse(metaText(meta)) as CallMeta;
  const read = parse(meta.json) as CallMeta;
  for (const [name, text] of meta.texts) read.params[name] = text;
  return read;
}
