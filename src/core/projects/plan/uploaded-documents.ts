import * as z from 'zod';
import type { Context } from '../../access/context';
import { readUtf8 } from '../../../kernel/encoding';
import { invalidField } from '../../../kernel/issues';
import { isTooDeep } from '../../../kernel/json.rules';
import { findLoss } from '../../../kernel/json-loss.rules';
import { canonicalJson } from '../../../kernel/normal-form';
import { sha256Hex } from '../../../kernel/signed';
import { MAX_OBJECTS, type PlanInput } from '../project.schema';

const Documents = z.array(z.record(z.string(), z.json())).max(MAX_OBJECTS);

/**
 * Returns the input of a plan with the documents that its uploads have, each at the object with its hash. An upload that the service does not
 * have gives none: the plan then asks for its documents. Throws 422 for one that is no list of documents.
 */
export async function withUploadedDocuments({ store }: Context, input: PlanInput): Promise<PlanInput> {
  if (input.documents.length === 0) return input;
  const uploads = await Promise.all(input.documents.map((sha256) => store.uploads.read(sha256)));
  const byHash = new Map(
    uploads.flatMap((bytes, i) =>
      bytes === null ? [] : readDocuments(bytes, i).map((one) => [sha256Hex(canonicalJson(one)), one] as const),
    ),
  );
  const objects = input.objects.map((object) => {
    const document = object.document ?? byHash.get(object.sha256);
    return document === undefined ? object : { ...object, document };
  });
  return { ...input, objects };
}

function readDocuments(bytes: ArrayBuffer, index: number): z.output<typeof Documents> {
  const text = readUtf8(bytes);
  const parsed = Documents.safeParse(text === null || isTooDeep(text) ? null : parseIfJson(text));
  const loss = parsed.success ? findLoss(text!) : null;
  if (!parsed.success || loss !== null)
    throw invalidField(
      `documents/${index}`,
      'invalid_documents',
      loss === null
        ? 'must be the hash of a JSON list of documents in UTF-8'
        : `is the hash of a list that ${loss.message}`,
    );
  return parsed.data;
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
