/** Types of the files that nodes read and write, by name, with their labels in an editor. */
export const FILE_TYPES = {
  file: { alias: 'File', icon: 'feathericons.file', color: '#fff' },
  pdf: { alias: 'PDF file', icon: 'plynx.pdf', color: '' },
  image: { alias: 'Image', icon: 'plynx.image', color: '' },
  csv: { alias: 'CSV file', icon: 'plynx.csv', color: '' },
  tsv: { alias: 'TSV file', icon: 'plynx.tsv', color: '' },
  json: { alias: 'JSON file', icon: 'plynx.json', color: '' },
  executable: { alias: 'Executable', icon: 'feathericons.play', color: '#fcff57' },
  directory: { alias: 'Directory', icon: 'feathericons.folder', color: '#f44' },
  'cloud-storage': { alias: 'Cloud Storage', icon: 'feathericons.hard-drive', color: '#5ed1ff' },
} as const;
export type FileType = keyof typeof FILE_TYPES;

/** Returns the type with that name, or undefined. */
export const fileType = (name: string): FileType | undefined =>
  Object.hasOwn(FILE_TYPES, name) ? (name as FileType) : undefined;
