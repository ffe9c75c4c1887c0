import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { undoLast } from '../kit/toast';
import { openActions } from './actions';
import { isTyping, keysOf, lettersAreOn } from './keys';
import { PLACES } from './navigation';
import { movePane } from './panes';

interface Shown {
  openPalette: () => void;
  openShortcuts: () => void;
}

/** Milliseconds between `g` and the letter of a place. */
const SEQUENCE_MS = 1500;

/** Moves the focus to the next or previous link that opens a row. */
function moveRow(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[at === -1 ? (by === 1 ? 0 : links.length - 1) : at + by]?.focus();
}

function openRow(): void {
  const link = document.activeElement;
  if (link instanceof HTMLAnchorElement && link.dataset.row !== undefined) open(link.href, '_blank', 'noopener');
}

const isFilter = ({ target }: Event): boolean =>
  target instanceof HTMLElement && target.matches('main input[type=search]');
const focusFilter = (): void => document.querySelector<HTMLElement>('main input[type=search]')?.focus();

/** The keys of the console. Single letters count only outside of fields, and can be switched off. */
export function useHotkeys(shown: Shown): void {
  const navigate = useNavigate();
  const latest = useRef({ shown, navigate });
  useEffect(() => {
    latest.current = { shown, navigate };
  });
  useEffect(() => {
    let goingSince = -Infinity;
    const general: Record<string, (event: KeyboardEvent) => void> = {
      j: () => moveRow(1),
      k: () => moveRow(-1),
      o: openRow,
      '/': focusFilter,
      '?': () => latest.current.shown.openShortcuts(),
      F6: ({ shiftKey }) => movePane(shiftKey ? -1 : 1),
    };
    const onKey = (event: KeyboardEvent): void => {
      const keys = keysOf(event);
      const isLetter = !keys.startsWith('Mod+') && keys.length === 1;
      if (event.defaultPrevented || (isLetter && (isTyping(event) || !lettersAreOn()))) return;
      const isGoing = event.timeStamp - goingSince < SEQUENCE_MS;
      goingSince = -Infinity;
      const place = isGoing ? PLACES.find(({ letter }) => letter === keys) : undefined;
      const action = openActions().find((one) => one.keys === keys)?.run;
      const act = place
        ? () => void latest.current.navigate({ to: place.to })
        : keys === 'Mod+K'
          ? () => latest.current.shown.openPalette()
          : keys === 'Mod+Z' && !isTyping(event)
            ? (action ?? undoLast)
            : keys === 'g'
              ? () => (goingSince = event.timeStamp)
              : keys === 'ArrowDown' && isFilter(event)
                ? () => moveRow(1)
                : (action ?? general[keys]);
      if (act === undefined || document.querySelector('[role=dialog]')) return;
      event.preventDefault();
      act(event);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
