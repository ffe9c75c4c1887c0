import { FilePath } from '../../../../src/core/publishing/handlers/source-files.schema.ts';
import { PROJECT_FILE } from '../project/find-project.ts';

/** Files that say what npm, compilers and their like run. */
const STEERS_TOOLS = /(^|\/)(package(-lock)?\.json|tsconfig[^/]*\.json|[^/]+\.config\.\w+)$/i;

/** Returns why a pull does not write a path that comes from a service; null for one that a push could have and that steers no tool. */
export function pathRefusal(path: string): string | null {
  const own = path.replace(/\.theirs$/, '');
  if (!FilePath.safeParse(own).success || own === PROJECT_FILE)
    return `the service names the file ${path}, which is not one of a project`;
  if (STEERS_TOOLS.test(own))
    return `the service has another ${own}, which says what programs do on this machine: change it by hand`;
  return null;
}
