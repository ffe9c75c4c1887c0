import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';

/** A template's text and the values it may use. */
export interface TemplateInput {
  source: string;
  context: Record<string, unknown>;
}

/**
 * Renders a jinja2 template as PLynx does: blocks keep the white space around them, one newline at the end of the source goes, and
 * true, false and null print as Python prints them. Throws what the template library throws: bad syntax, an unknown filter.
 *
 * A template can loop for ever. Call this inside an isolate.
 */
export function renderTemplate({ source, context }: TemplateInput): string {
  const program = parse(tokenize(withoutLastNewline(source), { lstrip_blocks: false, trim_blocks: false }));
  const environment = new Environment();
  environment.set('true', true);
  environment.set('false', false);
  environment.set('none', null);
  environment.set('True', true);
  environment.set('False', false);
  environment.set('None', null);
  for (const [name, value] of Object.entries(context)) environment.set(name, value);
  const { value } = new Interpreter(environment).run(program);
  return String(value);
}

const withoutLastNewline = (text: string): string => text.replace(/\r?\n$/, '');
