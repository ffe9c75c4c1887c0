import vm from 'node:vm';

/*
 * A setup file of all tests in workerd. Every test file evaluates all modules again (wipe.ts), and Vitest would compile them again too: those
 * of src alone are two megabytes. A module is text around which Vitest puts a function, so the function of the last time serves as well:
 * a call of it has variables of its own.
 */
interface Compiled {
  code: string;
  evaluate: unknown;
}
const state = globalThis as { compiledModules?: Map<string | undefined, Compiled> };

if (state.compiledModules === undefined) {
  const compiled = (state.compiledModules = new Map<string | undefined, Compiled>());
  const compile = vm.runInThisContext;
  vm.runInThisContext = (code, options) => {
    const name = typeof options === 'string' ? options : options?.filename;
    const known = compiled.get(name);
    if (known?.code === code) return known.evaluate;
    const evaluate: unknown = compile(code, options);
    compiled.set(name, { code, evaluate });
    return evaluate;
  };
}
