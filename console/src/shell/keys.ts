const KEY = 'portico.letters';

/** Returns whether single letters are shortcuts. Speech input may type letters that are not meant as such. */
export const lettersAreOn = (): boolean => localStorage.getItem(KEY) !== 'off';
export const switchLetters = (on: boolean): void =>
  on ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, 'off');

/** Returns true where a key press belongs to what has the focus: a field, an editor, a menu. */
export function isTyping({ target }: Pick<Event, 'target'>): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, [role=menu], [role=listbox]') !== null;
}

/** Returns the name of a key press: `Mod+K`, `Mod+Shift+Enter`, `j`. Mod is Ctrl, or Cmd on a Mac. */
export function keysOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): string {
  const isMod = event.ctrlKey || event.metaKey;
  if (!isMod && !event.altKey) return event.key;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return [isMod && 'Mod', event.altKey && 'Alt', event.shiftKey && 'Shift', key].filter(Boolean).join('+');
}
