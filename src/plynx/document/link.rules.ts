import type { NodeInputSlot, NodeResource } from './node.schema';

/** Whether an input takes what an output gives. An input that lists `file` takes anything. */
export const acceptsType = (
  input: Pick<NodeInputSlot, 'file_types'>,
  output: Pick<NodeResource, 'file_type'>,
): boolean => input.file_types.includes(output.file_type) || input.file_types.includes('file');
