import { defineCommand } from 'just-bash';

/** Two commands of the shell, brought closer to GNU's. */

const XARGS_LONG = { '--max-args': '-n', '--replace': '-I', '--delimiter': '-d', '--max-procs': '-P' };

/** The shell's xargs requires a blank between an option and its value: `-n 1` for GNU's `-n1` and `--max-args=1`. */
const xargs = defineCommand('xargs', (args, { origCommand }) => {
  const end = args.findIndex((arg, at) => !arg.startsWith('-') && !/^-[nIdP]$/.test(args[at - 1] ?? ''));
  const [own, command] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end)];
  return origCommand([...own.flatMap(apart), ...command]);
});

function apart(arg) {
  const long = /^(--[a-z-]+)=(.*)$/s.exec(arg);
  if (long && Object.hasOwn(XARGS_LONG, long[1])) return [XARGS_LONG[long[1]], long[2]];
  // Flags may come before an option with a value: -0n1.
  const short = /^-([0rt]*)([nIdP])(.+)$/s.exec(arg);
  return short ? [...Array.from(short[1], (flag) => `-${flag}`), `-${short[2]}`, short[3]] : [arg];
}

/** The shell's ls separates all operands with a blank line. GNU's lists the files first, line by line, then each folder. */
const ls = defineCommand('ls', async (args, { origCommand, fs, cwd }) => {
  const options = args.filter((arg) => arg.startsWith('-'));
  const operands = args.filter((arg) => !arg.startsWith('-'));
  if (operands.length < 2 || args.includes('--')) return origCommand(args);
  const asNames = options.some((option) => /^-[^-]*d|^--directory$/.test(option));
  const files = [];
  const folders = [];
  for (const name of operands) {
    const stat = await fs.stat(fs.resolvePath(cwd, name)).catch(() => undefined);
    (stat?.isDirectory && !asNames ? folders : files).push(name);
  }
  const parts = [];
  if (files.length > 0) {
    const listed = await origCommand([...options, ...inOrder(files, options)]);
    parts.push({ ...listed, stdout: listed.stdout.replaceAll(/\n+/g, '\n') });
  }
  for (const name of inOrder(folders, options)) {
    const listed = await origCommand([...options, name]);
    const isNamed =
      options.some((option) => /^-[^-]*R|^--recursive$/.test(option)) && listed.stdout.startsWith(`${name}:`);
    parts.push(isNamed ? listed : { ...listed, stdout: `${name}:\n${listed.stdout}` });
  }
  return {
    stdout: parts
      .map(({ stdout }) => stdout)
      .filter(Boolean)
      .join('\n'),
    stderr: parts.map(({ stderr }) => stderr).join(''),
    exitCode: Math.max(...parts.map(({ exitCode }) => exitCode)),
  };
});

// By name, unless the options ask for an order that only the original command knows.
function inOrder(names, options) {
  const letters = options.filter((option) => !option.startsWith('--')).join('');
  if (/[tSU]/.test(letters)) return names;
  const sorted = names.toSorted();
  return letters.includes('r') ? sorted.toReversed() : sorted;
}

export const CUSTOM_COMMANDS = [xargs, ls];
