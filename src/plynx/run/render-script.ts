import type { Context } from '../../core/access/context';
import { plainText } from './plain-template.rules';
import type { Template } from './script.rules';

/** Renders the script of a template. Throws with jinja2's message. */
export const renderScript = async (ctx: Pick<Context, 'operations'>, template: Template): Promise<string> =>
  plainText(template) ?? ctx.operations.render(template);
