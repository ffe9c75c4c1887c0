import { useSyncExternalStore } from 'react';

/** Values of a form that are not saved, with the object that they are based on. */
export interface KeptForm<O, T> {
  values: T;
  base: O;
}

/*
 * Forms keep what is not saved while the user looks at other tabs and screens. In memory alone: a reload asks first. Names are addresses of
 * screens with the part that the form saves, so a name belongs to one form and its types.
 */
const forms = new Map<string, KeptForm<unknown, unknown>>();
const listeners = new Set<() => void>();
let names: readonly string[] = [];

const warn = (event: BeforeUnloadEvent): void => event.preventDefault();

function changed(): void {
  if (forms.size === names.length && names.every((name) => forms.has(name))) return;
  names = [...forms.keys()];
  if (names.length === 0) removeEventListener('beforeunload', warn);
  else addEventListener('beforeunload', warn);
  listeners.forEach((listener) => listener());
}

export const keptForm = <O, T>(name: string | undefined): KeptForm<O, T> | undefined =>
  name === undefined ? undefined : (forms.get(name) as KeptForm<O, T> | undefined);

/** Keeps the values of a form; null forgets them, once they are saved or discarded. */
export function keepForm<O, T>(name: string, form: KeptForm<O, T> | null): void {
  if (form === null) forms.delete(name);
  else forms.set(name, form);
  changed();
}

/** Forgets the forms of a screen, whose object is deleted. */
export function forgetForms(path: string): void {
  for (const name of forms.keys()) if (name.startsWith(`${path} `)) forms.delete(name);
  changed();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Returns the names of the forms that have something to save. */
export const useKeptForms = (): readonly string[] => useSyncExternalStore(subscribe, () => names);

/** Builds the name of a form: `/endpoints/ep_1 settings the settings`. */
export const formName = (path: string, tab: string | undefined, what: string): string => `${tabName(path, tab)}${what}`;

/** Begins the names of all forms of a tab. */
export const tabName = (path: string, tab: string | undefined): string => `${path} ${tab ?? ''} `;
