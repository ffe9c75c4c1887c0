import { unzipSync } from 'fflate';
import { bytesRepr } from '../document/python.rules';
import type { FileType } from './file-type.rules';
import { indentJson } from './indent-json.rules';
import { startOfUtf8 } from '../../kernel/encoding';

/** Maximum bytes of a file that a preview reads. */
export const PREVIEW_BYTES = 1024 * 1024;

/** Maximum cells of a table, with some forty characters of markup around each. */
const MAX_CELLS = 20_000;
/** Maximum names of a folder's files, and characters of them. */
const MAX_NAMES = 10_000;
const MAX_NAME_LENGTH = 1024 * 1024;

/** Returns the end of a preview that does not show all. */
const cutAfter = (what: string): string => `\n# cut: more than ${what}`;

/** A fragment of HTML, or the reason for none. */
export type FilePreview = { kind: 'html'; html: string } | { kind: 'refused'; message: string };

const html = (text: string): FilePreview => ({ kind: 'html', html: text });

/**
 * Renders a stored file for an editor: PLynx's fragments of HTML, with all text of the file escaped. `bytes` may be the beginning only;
 * `url` is the address of the whole file, for pictures and documents that a browser loads itself.
 */
export function previewFile(type: FileType, bytes: Uint8Array, url: string): FilePreview {
  switch (type) {
    case 'file':
    case 'executable':
      return html(`<pre>${escapeHtml(textOf(bytes))}</pre>`);
    case 'csv':
      return html(table(textOf(bytes), ','));
    case 'tsv':
      return html(table(textOf(bytes), '\t'));
    case 'json':
      return html(jsonPreview(textOf(bytes)));
    case 'image':
      return html(`<img src="${escapeAttribute(url)}" width="100%" alt="preview" />`);
    case 'pdf':
      return html(`<iframe src="${escapeAttribute(url)}" title="preview" type="application/pdf" width="100%"/>`);
    case 'directory':
      return directoryPreview(bytes);
    case 'cloud-storage':
      return { kind: 'refused', message: 'Files of type `cloud-storage` have no preview' };
  }
}

/** Escapes text for a place between tags. */
const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const escapeAttribute = (text: string): string => escapeHtml(text).replaceAll('"', '&quot;');

function textOf(bytes: Uint8Array): string {
  const text = startOfUtf8(bytes, PREVIEW_BYTES);
  return text ?? `# not a UTF-8 sequence:\n${bytesRepr(bytes.subarray(0, PREVIEW_BYTES))}`;
}

// Every line is a row: the end of the last line adds an empty one, as in PLynx.
function table(text: string, separator: string): string {
  const rows: string[] = [];
  let room = MAX_CELLS;
  for (const line of text.split('\n')) {
    const cells = line.split(separator, room + 1);
    const shown = cells.slice(0, room).map((cell) => `<td class="preview-table-col">${escapeHtml(cell)}</td>`);
    const parity = rows.length % 2 === 0 ? 'even' : 'odd';
    if (shown.length > 0) rows.push(`<tr class="preview-table-row-${parity}">${shown.join('')}</tr>`);
    room -= cells.length;
    if (room < 0) break;
  }
  const end = room < 0 ? cutAfter(`${MAX_CELLS} cells`) : '';
  return `<table class="preview-table">${rows.join('\n')}</table>${end}`;
}

function jsonPreview(text: string): string {
  const indented = indentJson(text);
  if (indented.kind === 'invalid') return `Failed to parse json: ${escapeHtml(indented.message)}`;
  return `<pre>${escapeHtml(indented.text)}${indented.isCut ? cutAfter(`${indented.text.length} characters`) : ''}</pre>`;
}

/** Returns the names of the files in a zip, unpacking nothing, at most 10,000; null for anything else. */
export function namesOfZip(bytes: Uint8Array): { names: string[]; isCut: boolean } | null {
  const names: string[] = [];
  let length = 0;
  const enough = new Error('enough');
  try {
    // The filter sees every entry and accepts none. A file may claim billions of entries.
    const filter = ({ name }: { name: string }): boolean => {
      length += name.length;
      if (names.length === MAX_NAMES || length > MAX_NAME_LENGTH) throw enough;
      names.push(name);
      return false;
    };
    unzipSync(bytes, { filter });
    return { names, isCut: false };
  } catch (error) {
    return error === enough ? { names, isCut: true } : null;
  }
}

function directoryPreview(bytes: Uint8Array): FilePreview {
  const found = namesOfZip(bytes);
  if (found === null) return { kind: 'refused', message: 'File is not a zip file' };
  const end = found.isCut ? cutAfter(`${found.names.length} files`) : '';
  return html(`<pre>${escapeHtml(found.names.join('\n'))}${end}</pre>`);
}
