import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary: string }[];
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The one rule whose findings depend on the theme. */
const CONTRAST = ['color-contrast'];
const run = (only: string[], resultTypes = ['violations']): string =>
  `axe.run(document, ${JSON.stringify({ runOnly: only, resultTypes })}).then(({ violations }) => JSON.stringify(violations))`;

/**
 * Returns what axe finds on the screen, a line for each place; empty when there is nothing. Injected over the debugging protocol: the policy
 * of the page refuses every other way, rightly.
 */
export async function axeViolations(page: Page, what: 'all' | 'contrast' = 'all'): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const { result: known } = await session.send('Runtime.evaluate', { expression: 'typeof axe' });
    if (known.value === 'undefined') await session.send('Runtime.evaluate', { expression: axe.source });
    const expression = run(what === 'all' ? RULES : CONTRAST);
    const { result } = await session.send('Runtime.evaluate', { expression, awaitPromise: true });
    const violations = JSON.parse(String(result.value)) as Violation[];
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
    );
  } finally {
    await session.detach();
  }
}

/** Evaluates an expression in the page, which its policy would not let a test do otherwise. */
export async function evaluate<T>(page: Page, expression: string): Promise<T> {
  const session = await page.context().newCDPSession(page);
  try {
    const { result } = await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    return result.value as T;
  } finally {
    await session.detach();
  }
}
