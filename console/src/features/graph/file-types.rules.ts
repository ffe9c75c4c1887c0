import { FILE_TYPES, type FileType } from '../../../../src/plynx/files/file-type.rules';

/** Names of the types of files, as PLynx has them. */
export const FILE_TYPE_NAMES = Object.keys(FILE_TYPES) as FileType[];

const ENDINGS: readonly (readonly [type: FileType, ending: RegExp])[] = [
  ['csv', /\.csv$/i],
  ['tsv', /\.tsv$/i],
  ['json', /\.json$/i],
  ['pdf', /\.pdf$/i],
  ['image', /\.(png|jpe?g|gif|webp)$/i],
  ['directory', /\.zip$/i],
];

/** Returns the type of a file by the ending of its name; `file` for any other. */
export const fileTypeOf = (name: string): FileType => ENDINGS.find(([, ending]) => ending.test(name))?.[0] ?? 'file';
