import { IDS, type References } from './reference';

const NODE = {
  _id: '5d27b8dd50e56dbbce063449',
  title: 'Upper case',
  base_node_name: 'bash_jinja2',
  inputs: [{ name: 'in', file_types: ['file'] }],
  outputs: [{ name: 'out', file_type: 'file' }],
  parameters: [
    {
      name: 'cmd',
      parameter_type: 'code',
      value: { value: 'tr a-z A-Z < {{ input.in }} > {{ output.out }}', mode: 'bash' },
      mutable_type: false,
      removable: false,
      publicable: false,
    },
    { name: 'cacheable', parameter_type: 'bool', value: true, mutable_type: false, removable: false },
  ],
};
const FILE = {
  _id: '5d2fbdf3373d3b7ce6e69043',
  title: 'Names',
  base_node_name: 'file',
  parent_node: IDS.fileNode,
  outputs: [{ name: 'out', file_type: 'file', resource_id: IDS.file }],
  node_running_status: 'STATIC',
  node_status: 'READY',
};
const PLACED = {
  ...NODE,
  parent_node: IDS.operation,
  inputs: [{ name: 'in', file_types: ['file'], values: [{ node_id: FILE._id, output_id: 'out' }] }],
  node_status: 'READY',
};
const params = { id: IDS.graph };

export const graphReferences: References = {
  listGraphs: { description: 'Without their nodes.', query: { status: 'CREATED', limit: '1' } },
  createGraph: {
    description:
      "`nodes` are copies of operations and files, with PLynx's field names: `_id` is the id of the placement, `parent_node` that of the operation. Links are at their consumer, in `inputs[].values`.",
    body: { title: 'Names in upper case', description: 'One operation', nodes: [FILE, PLACED] },
  },
  getGraph: {
    description:
      '`nodes` have the results of the run so far; `state` has its times. A graph runs once: clone it to run it again.',
    params,
  },
  replaceGraph: {
    description: 'For its owner. 409 `graph_approved` once it has been approved.',
    params,
    body: { title: 'Names in upper case', description: 'One file, one operation', nodes: [FILE, PLACED] },
  },
  checkGraph: {
    description: 'The body is what has not been saved yet; a missing field is as stored. `issues` prevent a run.',
    params,
    body: {},
  },
  arrangeGraph: {
    description: 'Returns the nodes with new `x` and `y`, in columns from the first to the last operation.',
    params,
    body: {},
  },
  upgradeGraph: {
    description: 'Follows `successor_node` of each operation. Values of public parameters stay.',
    params,
    body: {},
  },
  runGraph: {
    description:
      'Freezes the graph. 422 `invalid_input` has an issue for each reason, with a pointer into the document. Save what you have changed before: there is no body.',
    params,
    body: {},
  },
  cancelGraph: { description: 'Ends what runs at once. A run that has ended stays as it is.', params, body: {} },
  cloneGraph: { description: 'The copy is yours and has not run.', params, body: {} },
  followGraph: {
    description:
      'An event `state` with the fields of `state` at first, and whenever it has changed; `end` when the run has ended. The stream ends after five minutes, and clients connect again.',
    params,
  },
  getGraphCode: { description: "For PLynx's Python client.", params },
  listOperations: {
    description: 'Without their code. `kind` `file` are stored files.',
    query: { q: 'upper', limit: '1' },
  },
  createOperation: {
    description:
      'Not approved: graphs cannot use it yet. `document` has the field names of PLynx; its `_id` is replaced.',
    body: { document: NODE },
  },
  previewOperation: { description: 'With its template rendered, as a run would execute it.', body: { document: NODE } },
  getOperation: {
    description: '`document` can be placed in a graph: give it an `_id` of its own and its id as `parent_node`.',
    params: { id: IDS.operation },
  },
  replaceOperation: {
    description: 'For its owner. 409 `graph_approved` once it has been approved.',
    params: { id: IDS.operation },
    body: { document: NODE },
  },
  approveOperation: {
    description: 'Graphs can use it from now on. It never changes again: a newer version is its successor.',
    params: { id: IDS.operation },
    body: {},
  },
  deprecateOperation: {
    description: 'It still runs; with `mandatory`, graphs that contain it cannot run.',
    params: { id: IDS.operation },
    body: { mandatory: false },
  },
  addFile: {
    description: 'The body is the file, at most 32 MiB. The answer is a node that graphs can use at once.',
    query: { title: 'Names', type: 'file' },
    text: 'ada\ngrace\n',
  },
  downloadFile: { description: 'Files are named by `resource_id` of an output or log.', params: { id: IDS.file } },
  previewFile: {
    description: 'At most 64 KiB of text, or the names of the files in a `directory`.',
    params: { id: IDS.file },
    query: { type: 'csv' },
  },
};
