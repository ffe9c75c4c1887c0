import { useEffect, useState } from 'react';
import { Problem } from '../api/problem';
import { useForm, type Form } from './form';
import { keepForm, keptForm } from './kept-forms';

export interface RevisedFormOptions<O, T> {
  /** The object as it was read last. */
  object: O;
  toValues: (object: O) => T;
  /** Saves the values on top of the object that they are based on. Resolves to the object as it is then. */
  save: (values: T, base: O) => Promise<O>;
  /** Reads the object again, past every cache. */
  reread: () => Promise<O>;
  /** Name under which values that are not saved stay when the screen goes away. Without it they are dropped. */
  keptAs?: string;
}

export interface RevisedForm<O, T> {
  form: Form<T>;
  /** The object that the values are based on. */
  base: O;
  /** The object as another user saved it first: `Conflict` asks which values to go on with. */
  theirs: O | null;
  /** Resolves to true when the object is saved. */
  save: () => Promise<boolean>;
  /** Goes on with these values on top of theirs. */
  resolve: (values: T) => void;
  /** Drops what was typed. Returns the function that takes that back. */
  discard: () => () => void;
  /** Leaves the values as they are, and the other user's object alone. */
  cancel: () => void;
}

/** A form over one revision of an object. Two users never overwrite each other: the second one to save sees what the first one changed. */
export function useRevisedForm<O extends { revision: number }, T extends object>(
  options: RevisedFormOptions<O, T>,
): RevisedForm<O, T> {
  const { object, toValues, reread } = options;
  // The name it was opened with: while another screen is loaded, the address is that of the other one already.
  const [keptAs] = useState(options.keptAs);
  const [kept] = useState(() => keptForm<O, T>(keptAs));
  const [base, setBase] = useState(kept?.base ?? object);
  const [theirs, setTheirs] = useState<O | null>(null);
  const form = useForm(kept?.values ?? toValues(object), kept !== undefined);
  const { values: typed, isChanged } = form;
  useEffect(() => {
    if (keptAs !== undefined) keepForm(keptAs, isChanged ? { values: typed, base } : null);
  }, [keptAs, typed, isChanged, base]);
  // A refresh brings what others saved, and what other parts of the screen did: taken over while nothing is typed here.
  if (object.revision > base.revision && !form.isChanged && !form.isPending && theirs === null) {
    setBase(object);
    form.reset(toValues(object));
  }
  return {
    form,
    base,
    theirs,
    cancel: () => setTheirs(null),
    discard: () => {
      const discarded = { values: form.values, base };
      setBase(object);
      form.reset(toValues(object));
      return () => {
        // The screen may be another one by now.
        if (keptAs !== undefined) keepForm(keptAs, discarded);
        setBase(discarded.base);
        form.replace(discarded.values);
      };
    },
    resolve: (values) => {
      form.replace(values);
      if (theirs !== null) setBase(theirs);
      setTheirs(null);
    },
    save: () =>
      form.send(async (values) => {
        try {
          setBase(await options.save(values, base));
          // The screen may be gone by now.
          if (keptAs !== undefined) keepForm(keptAs, null);
        } catch (error) {
          if (error instanceof Problem && error.code === 'stale_revision') setTheirs(await reread());
          throw error;
        }
      }),
  };
}
