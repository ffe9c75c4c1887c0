import { COMMON, type Command } from '../command.ts';
import { EXIT, Failure } from '../failure.ts';

interface Completed {
  name: string;
  summary: string;
  /** Words that the first argument may be. */
  words: string[];
  /** Long options with their help. */
  options: [name: string, help: string][];
}

const SHELLS: Record<string, (commands: readonly Completed[]) => string> = { bash, zsh, fish };

export const completion: Command = {
  args: '<bash|zsh|fish>',
  count: [1, 1],
  about:
    'Prints a script that completes commands and options in a shell. For bash: source <(portico completion bash). For zsh the same, after\n' +
    'compinit. For fish: portico completion fish | source.',
  run: async ({ args: [shell = ''], io }) => {
    const render = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
    if (render === undefined) throw new Failure('expected portico completion bash, zsh or fish', EXIT.usage);
    const script = render(await readCommands());
    io.say(script);
    io.result({ shell, script });
    return EXIT.done;
  },
};

async function readCommands(): Promise<Completed[]> {
  // The list of commands has this one.
  const { COMMANDS } = await import('../commands.ts');
  const entries = Object.entries(COMMANDS).map(async ([name, { summary, load }]) => {
    const { args = '', options } = await load();
    const words = /^<([a-z]+(?:\|[a-z]+)*)>/.exec(args)?.[1]?.split('|') ?? [];
    const all = Object.entries({ ...options, ...COMMON });
    return { name, summary, words, options: all.map(([long, { help }]) => [long, help] as [string, string]) };
  });
  return Promise.all(entries);
}

const dashed = ({ options }: Completed): string[] => options.map(([name]) => `--${name}`);
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function bash(commands: readonly Completed[]): string {
  const cases = commands.map((one) => `    ${one.name}) words="${[...one.words, ...dashed(one)].join(' ')}" ;;`);
  return `_portico() {
  local words current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(' ')}"
  else case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _portico portico`;
}

function zsh(commands: readonly Completed[]): string {
  const described = ([name, help]: readonly [string, string]): string =>
    quoted(`${name}:${help.replaceAll(':', String.raw`\:`)}`);
  const cases = commands.map((one) => {
    const choices = [
      ...one.words.map((word) => [word, ''] as const),
      ...one.options.map(([n, h]) => [`--${n}`, h] as const),
    ];
    return `    ${one.name}) words_of=(${choices.map(described).join(' ')}) ;;`;
  });
  return `_portico() {
  local -a words_of
  local command=\${words[2]}
  if (( CURRENT == 2 )); then
    words_of=(${commands.map(({ name, summary }) => described([name, summary])).join(' ')})
  else case $command in
${cases.join('\n')}
  esac; fi
  _describe portico words_of || _files
}
compdef _portico portico`;
}

function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, summary, words, options }) => {
    const within = `complete -c portico -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c portico -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...(words.length === 0 ? [] : [`${within} -a ${quoted(words.join(' '))}`]),
      ...options.map(([long, help]) => `${within} -l ${long} -d ${quoted(help)}`),
    ];
  });
  return lines.join('\n');
}
