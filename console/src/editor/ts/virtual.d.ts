declare module 'virtual:libraries' {
  /** Declarations of the language and of the runtime, by the name of their file. */
  const libraries: Readonly<Record<string, string>>;
  export default libraries;
}
declare module 'virtual:ts-worker' {
  /** The address of the script of the worker. */
  const address: string;
  export default address;
}
