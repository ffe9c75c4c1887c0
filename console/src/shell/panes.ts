/** Parts of a screen between which F6 moves: the menu, the heading, and every section. */
const PANES = 'nav[aria-label=Console], main h1, main section[aria-label]';
const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select, textarea, [contenteditable=true], [tabindex="0"]';

/** Returns what a pane gives the focus to: a heading itself, else the first control that can be seen. */
const targetOf = (pane: HTMLElement): HTMLElement | undefined =>
  pane.matches('h1')
    ? pane
    : [...pane.querySelectorAll<HTMLElement>(FOCUSABLE)].find((element) => element.checkVisibility());

/** Moves the focus to the next or previous pane, around the end. */
export function movePane(by: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>(PANES)].flatMap((pane) => {
    const target = targetOf(pane);
    return target === undefined ? [] : [{ pane, target }];
  });
  const at = panes.findLastIndex(({ pane }) => pane.contains(document.activeElement));
  panes.at((at + by) % panes.length)?.target.focus();
}
