import { lazy, Suspense, useState } from 'react';
import { TextField } from '../../kit/field';
import { SelectField } from '../../kit/select-field';
import type { Binding } from './bindings.rules';
import { fromText, modeOf, toText, type Mode } from './value-mode.rules';
import styles from './workflow.module.css';

const PickBinding = lazy(() => import('./pick-binding'));

const MODES: readonly { value: Mode; label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'json', label: 'JSON' },
  { value: 'expression', label: 'Expression' },
  { value: 'template', label: 'Template' },
  { value: 'secret', label: 'Secret' },
];

export interface ValueFieldProps {
  label: string;
  hint?: string | undefined;
  value: unknown;
  /** Undefined removes the field. */
  onChange: (value: unknown) => void;
  bindings: readonly Binding[];
  error?: string | undefined;
}

/** A value of a step: a literal, an expression, a template or a secret, and what it can be bound to. */
export function ValueField({ label, hint, value, onChange, bindings, error }: ValueFieldProps) {
  const [mode, setMode] = useState<Mode>(() => modeOf(value));
  // JSON that does not parse yet stays on the screen, not in the document.
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? toText(value, mode);
  const write = (next: string, as: Mode = mode): void => {
    const parsed = fromText(next, as);
    setDraft(parsed.isValid ? null : next);
    if (parsed.isValid) onChange(parsed.value);
  };
  const change = (next: Mode): void => {
    setMode(next);
    write(text, next);
  };
  return (
    <div className={styles.value} role="group" aria-label={label}>
      <TextField
        label={label}
        hint={hint}
        isCode
        {...((text.includes('\n') || text.length > 60) && { rows: 4 })}
        value={text}
        onChange={(next) => write(next)}
        error={draft === null ? error : 'is not JSON yet'}
      />
      <div className={styles.mode}>
        <SelectField label={`Kind of ${label}`} isLabelHidden value={mode} options={MODES} onChange={change} />
        <Suspense>
          <PickBinding
            label={label}
            bindings={bindings}
            onPick={(path) => {
              if (mode === 'template') return write(`${text}{{${path}}}`);
              setMode('expression');
              write(mode === 'expression' && text !== '' ? `${text} ${path}`.trim() : path, 'expression');
            }}
          />
        </Suspense>
      </div>
    </div>
  );
}
