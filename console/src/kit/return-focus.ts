import { useEffect, useLayoutEffect } from 'react';

/** The element that had the focus before the first of the dialogs that follow each other. */
let opener: Element | null = null;

/**
 * Gives the focus back when a dialog closes that took the place of another one: React Aria returns it to a field of that one, which is gone. The
 * element that opened the first dialog gets it, or the heading of the screen.
 */
export function useReturnFocus(isOpen: boolean): void {
  useLayoutEffect(() => {
    const { activeElement, body } = document;
    // The dialog takes the focus later. The field of a dialog that it replaces is gone, and leaves the focus to the body.
    if (isOpen && activeElement !== body && !activeElement?.closest('[role=dialog]')) opener = activeElement;
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return undefined;
    // React Aria returns the focus in the next frame.
    return () => void requestAnimationFrame(() => requestAnimationFrame(returnFocus));
  }, [isOpen]);
}

function returnFocus(): void {
  if (document.activeElement !== document.body) return;
  const target = opener?.isConnected ? opener : document.querySelector('main h1');
  if (target instanceof HTMLElement) target.focus();
}
