import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import styles from './grid.module.css';

/** The key that leads to the next cell; null for none. */
export type NextKey = 'ArrowDown' | 'ArrowRight' | 'ArrowLeft' | null;

interface GridEditorProps {
  label: string;
  initial: string;
  /** Resolves to what is wrong, or to null when the value is saved. */
  onSave: (text: string) => Promise<string | null>;
  onClose: (key: NextKey) => void;
}

/** The field of a cell. Enter and Tab save, Escape leaves the value as it was. What is refused stays, with the reason. */
export function GridEditor({ label, initial, onSave, onClose }: GridEditorProps) {
  const [text, setText] = useState(initial);
  const [issue, setIssue] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const issueId = useId();
  useEffect(() => field.current?.select(), []);
  const save = async (next: NextKey): Promise<void> => {
    if (isPending) return;
    if (text === initial) return onClose(next);
    setPending(true);
    const refused = await onSave(text);
    setPending(false);
    if (refused === null) return onClose(next);
    setIssue(refused);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose(null);
    else if (event.key === 'Enter') void save('ArrowDown');
    else if (event.key === 'Tab') void save(event.shiftKey ? 'ArrowLeft' : 'ArrowRight');
    else return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <input
        ref={field}
        className={styles.editor}
        aria-label={label}
        aria-invalid={issue !== null}
        aria-describedby={issue === null ? undefined : issueId}
        aria-busy={isPending}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => text === initial && onClose(null)}
      />
      {issue !== null && (
        <span id={issueId} role="alert" className={styles.issue}>
          {issue}
        </span>
      )}
    </>
  );
}
