import { IDS, type References } from './reference';

export const tableReferences: References = {
  createTable: {
    description:
      'Every table has `id`, `created_at` and `updated_at` besides its columns. `read` and `write` list the roles that may use its rows; an empty list means developers. A handler has the roles of its executor; admins are always allowed. [Tables](/docs/guides/tables)',
    body: {
      name: 'products',
      columns: [
        { name: 'name', type: 'text', required: true, unique: true },
        { name: 'price', type: 'number', default: 0 },
        { name: 'city', type: 'text' },
      ],
    },
  },
  listTables: {
    description:
      'Tables whose rows you may read or write; with a built-in role, all. `schema` and `name` find one by its name.',
  },
  getTable: { description: 'Columns, roles and revision. Its rows are at `/rows`.', params: { id: IDS.table } },
  updateTable: {
    description:
      'Renames come first, then drops, then additions. Dropping a column deletes all its values. The type of a column cannot change.',
    params: { id: IDS.table },
    body: { renameColumns: { city: 'town' }, addColumns: [{ name: 'stock', type: 'integer', default: 0 }] },
  },
  deleteTable: {
    description:
      'A table that has rows or is in use is 409 `in_use`. With `force=true` it is deleted with all its rows, permanently.',
    params: { id: IDS.spareTable },
  },
  listTableUses: {
    description: 'Handlers and workflows whose code names the table.',
    params: { id: IDS.table },
  },
  listRows: {
    description:
      '`where` is JSON: values by column, or a list of conditions. `order` sorts by columns, `-` before one for descending. `nextCursor` of the response is the `cursor` of the next page. [Conditions](/docs/guides/tables)',
    params: { id: IDS.table },
    query: { where: '{"town":"Ghent"}', order: '-price', limit: '10' },
  },
  insertRows: {
    description: 'Up to 1,000 rows, all or none. Returns the rows with their ids.',
    params: { id: IDS.table },
    body: {
      rows: [
        { name: 'Apple', price: 1.5, town: 'Ghent' },
        { name: 'Pear', price: 2, town: 'Paris' },
      ],
    },
  },
  updateRows: {
    description:
      '`many: true` confirms that conditions may match many rows; `all: true` instead of `where` selects every row.',
    params: { id: IDS.table },
    body: { where: { town: 'Ghent' }, changes: { stock: 5 }, many: true },
  },
  deleteRows: {
    description: 'As with changes: `many: true` and a condition, or `all: true` for every row.',
    params: { id: IDS.table },
    body: { where: { name: { startsWith: 'Ki' } }, many: true },
  },
  getRow: {
    description: 'One row by its id, with `id`, `created_at` and `updated_at`.',
    params: { id: IDS.table, row: IDS.row },
  },
  updateRow: {
    description: 'Send the columns that change. null empties a column that is not required.',
    params: { id: IDS.table, row: IDS.row },
    body: { price: 1.75 },
  },
  deleteRow: {
    description: 'Deletes one row by its id. A missing row is 404.',
    params: { id: IDS.table, row: IDS.row },
  },
  importRows: {
    description:
      'The first line of a CSV file names the columns; an NDJSON file has one object per line. At most 5 MiB and 20,000 rows, all or none; errors name lines.',
    params: { id: IDS.table },
    text: 'name,price,town\nKiwi,0.5,Ghent\nKiwi gold,0.9,Paris\n',
  },
  exportRows: {
    description: 'All rows that match `where`, as a stream: `format` is `csv` or `ndjson`.',
    params: { id: IDS.table },
    query: { format: 'csv', columns: 'name,price', order: 'name' },
  },
};
