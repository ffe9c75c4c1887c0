import { useRef, useState } from 'react';
import { Problem, type ProblemIssue } from '../api/problem';
import { isAt, messagesAt } from './issues.rules';

export interface FieldOf<V> {
  value: V;
  onChange: (value: V) => void;
  error: string | undefined;
}

export interface Form<T> {
  values: T;
  /** Changes one value, and forgets what was wrong with it and with the whole. */
  set: <N extends keyof T & string>(name: N, value: T[N]) => void;
  /** Changes all values, and forgets what was wrong. */
  replace: (values: T) => void;
  /** Takes the values as they are stored: there is nothing to save. */
  reset: (values: T) => void;
  /** The properties of the field that edits one value. `pointer` is where the service reports it; default: `/<name>`. */
  field: <N extends keyof T & string>(name: N, pointer?: string) => FieldOf<T[N]>;
  /** Issue that the service reported at a pointer or below it, such as `/access/keys`. */
  errorAt: (pointer: string) => string | undefined;
  /** Issues of no field of the form. */
  problem: Error | null;
  isPending: boolean;
  /** True when there is something to save. */
  isChanged: boolean;
  /**
   * Sends the values. Resolves to true when the service took them; else `errorAt` and `problem` have the reasons. Values
   * that change while they are sent are still to save; a second call sends nothing until then, and resolves to false.
   */
  send: (action: (values: T) => Promise<unknown>) => Promise<boolean>;
}

/**
 * Holds the values of a form. The rules are those of the service alone: it answers 422 with a pointer for each issue, and the form shows
 * each at its field. `isNew`: there is something to save from the start.
 */
export function useForm<T extends object>(initial: T, isNew = false): Form<T> {
  const [values, setValues] = useState(initial);
  const [issues, setIssues] = useState<readonly ProblemIssue[]>([]);
  const [problem, setProblem] = useState<Error | null>(null);
  const [isPending, setPending] = useState(false);
  const [isChanged, setChanged] = useState(isNew);
  const latest = useRef(initial);
  const isSending = useRef(false);
  const take = (next: T, isToSave: boolean): void => {
    latest.current = next;
    setValues(next);
    setIssues([]);
    setProblem(null);
    setChanged(isToSave);
  };
  const set = <N extends keyof T & string>(name: N, value: T[N], place = `/${name}`): void => {
    latest.current = { ...latest.current, [name]: value };
    setValues(latest.current);
    setIssues((now) => now.filter(({ pointer }) => !isAt(pointer, place)));
    setProblem(null);
    setChanged(true);
  };
  const errorAt = (pointer: string): string | undefined => messagesAt(issues, pointer);
  return {
    values,
    isPending,
    isChanged,
    problem,
    set: (name, value) => set(name, value),
    field: (name, pointer = `/${name}`) => ({
      value: values[name],
      onChange: (value) => set(name, value, pointer),
      error: errorAt(pointer),
    }),
    replace: (next) => take(next, true),
    reset: (next) => take(next, false),
    errorAt,
    send: async (action) => {
      if (isSending.current) return false;
      isSending.current = true;
      setPending(true);
      setProblem(null);
      setIssues([]);
      try {
        const sent = latest.current;
        await action(sent);
        setChanged(latest.current !== sent);
        return true;
      } catch (error) {
        if (error instanceof Problem) setIssues(error.issues);
        setProblem(error instanceof Error ? error : new Error(String(error)));
        return false;
      } finally {
        isSending.current = false;
        setPending(false);
      }
    },
  };
}
