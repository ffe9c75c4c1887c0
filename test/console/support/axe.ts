import axe from 'axe-core';
import type { CDPSession, Page } from 'playwright-core';

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The one rule whose findings depend on the theme. */
const CONTRAST = ['color-contrast'];
/** React Aria keeps what it announced for some seconds, also when the element that it names is gone. */
const ANNOUNCER = ['[data-live-announcer]'];
const run = (only: string[], resultTypes = ['violations']): string =>
  `axe.run(${JSON.stringify({ exclude: ANNOUNCER })}, ${JSON.stringify({ runOnly: only, resultTypes })}).then(({ violations }) => JSON.stringify(violations))`;

/** Sessions of the debugging protocol, one for each page: its policy refuses every other way in, rightly. */
const sessions = new WeakMap<Page, Promise<CDPSession>>();

async function sessionOf(page: Page): Promise<CDPSession> {
  const known = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, known);
  return known;
}

/** Evaluates an expression in the page, and resolves to its value. Throws what the page throws. */
export async function evaluate<T>(page: Page, expression: string): Promise<T> {
  const session = await sessionOf(page);
  const options = { expression, awaitPromise: true, returnByValue: true };
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', options);
  if (exceptionDetails !== undefined) throw new Error(result.description ?? exceptionDetails.text);
  return result.value as T;
}

/** Returns what axe finds on the screen, a line for each place; empty when there is nothing. */
export async function axeViolations(page: Page, what: 'all' | 'contrast' = 'all'): Promise<string[]> {
  if (await evaluate(page, `typeof axe === 'undefined'`)) await evaluate(page, `${axe.source}; null`);
  const found = await evaluate<string>(page, run(what === 'all' ? RULES : CONTRAST));
  const violations = JSON.parse(found) as Violation[];
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
  );
}
