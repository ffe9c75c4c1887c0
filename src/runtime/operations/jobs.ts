/** A file in the folder of an operation before it starts. `types` distinguishes folders (zip) and executables. */
export interface OperationFile {
  path: string;
  types: string[];
  bytes: ArrayBuffer;
}

/** An output, read after the operation has ended. */
interface OperationOutput {
  name: string;
  path: string;
  type: string;
}

/** A bash operation: its script, and the folder that it runs in. */
export interface ShellJob {
  script: string;
  folder: string;
  outputs: OperationOutput[];
}

/** A JavaScript operation: its module, and paths and values by name. */
export interface JavaScriptJob {
  code: string;
  names: Record<'input' | 'output' | 'param' | 'log', Record<string, unknown>>;
  outputs: OperationOutput[];
}

/** A Python operation: its whole script, and the folder that it runs in. */
export interface PythonJob {
  script: string;
  folder: string;
  outputs: OperationOutput[];
}
