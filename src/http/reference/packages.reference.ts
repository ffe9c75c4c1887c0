import { VALUES, type References } from './reference';

const FILE = 'greeting-1.0-py3-none-any.whl';

export const packageReferences: References = {
  listPackageSets: {
    description:
      'What Python scripts may declare at their top, by PEP 723: packages that came with the deploy, and sets of uploaded ones. [Packages](/docs/guides/compat/python#packages)',
    query: { limit: '1' },
  },
  putPackageSet: {
    description:
      'Chooses among the uploaded wheels, with all that they need, compiles them and takes a memory snapshot with the packages imported: some seconds. Handlers that are saved from now on may get the set; versions that were saved before stay on the one that had its name. The same wheels again change nothing.',
    params: { name: 'greetings' },
    body: { requirements: ['greeting>=1'] },
  },
  deletePackageSet: {
    description:
      'Only a set of uploaded packages. While a handler serves a version that was saved with it, 409 `in_use` with the list of them. Its files go when no version needs them any more.',
    params: { name: 'greetings' },
  },
  uploadPackage: {
    description:
      'The body is the file itself, at most 16 MiB: a pure wheel, or one compiled for CPython 3.14 and `pyemscripten_2026_0_wasm32`, as `file` says. The index shows the SHA-256 of each file. The same file again changes nothing. A package runs once it is in a set. [Packages](/docs/guides/compat/python#packages)',
    query: { file: FILE, sha256: VALUES.wheelHash },
    text: VALUES.wheel,
  },
  listPackages: {
    description: 'What sets can be made of, with what each package needs.',
    query: { limit: '1' },
  },
  deletePackage: {
    description: 'Sets that were made of it keep what they need of it.',
    params: { hash: VALUES.wheelHash },
  },
};
