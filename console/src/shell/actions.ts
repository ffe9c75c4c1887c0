import { useEffect, useRef } from 'react';

/** An act of the screen that is open, which the palette lists and a shortcut may do. */
export interface Action {
  id: string;
  label: string;
  run: () => void;
  /** `Mod+S`, `Mod+Enter`, `n`; Mod is Ctrl, or Cmd on a Mac. */
  keys?: string;
}

const screens = new Map<symbol, readonly Action[]>();

/** Offers the acts of a screen for as long as it is open. */
export function useActions(actions: readonly Action[]): void {
  const key = useRef(Symbol('screen'));
  useEffect(() => {
    const { current } = key;
    screens.set(current, actions);
    return () => void screens.delete(current);
  });
}

/** Returns the acts of the open screen, the innermost part first. */
export const openActions = (): Action[] => [...screens.values()].toReversed().flat();
