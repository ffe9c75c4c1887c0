/** A file that lies in the folder of an operation before it starts. `types` tells folders (zip) and executables apart. */
export interface OperationFile {
  path: string;
  types: string[];
  bytes: ArrayBuffer;
}

/** An output that is read after it ended. */
export interface OperationOutput {
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
