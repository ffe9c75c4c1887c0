import type { Context } from '../../core/access/context';
import { plainText } from './plain-template.rules';
import type { Template } from './script.rules';

/** The script that a template comes to. Throws what is wrong with the template, in jinja2's words. */
export const renderScript = async (ctx: Pick<Context, 'operations'>, template: Template): Promise<string> =>
  plainText(template) ?? ctx.operations.render(template);
