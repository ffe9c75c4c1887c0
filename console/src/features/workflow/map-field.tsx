import { Plus, X } from 'lucide-react';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { ValueField, type ValueFieldProps } from './value-field';
import { modeOf } from './value-mode.rules';
import styles from './workflow.module.css';

/** Named values, such as the columns of a row; or one expression for all of them. */
export function MapField(props: ValueFieldProps) {
  const { label, hint, value, onChange, bindings, error } = props;
  if (modeOf(value) === 'expression') return <ValueField {...props} />;
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  const write = (next: [string, unknown][]): void => onChange(Object.fromEntries(next));
  return (
    <fieldset className={styles.map}>
      <legend>{label}</legend>
      {hint && <span className={styles.quiet}>{hint}</span>}
      {entries.map(([name, one], index) => (
        <div key={index} className={styles.entry}>
          <TextField
            label={`Name ${index + 1} of ${label}`}
            isLabelHidden
            isCode
            value={name}
            onChange={(next) => write(entries.map((entry, i) => (i === index ? [next, one] : entry)))}
          />
          <ValueField
            label={name === '' ? `value ${index + 1}` : name}
            value={one}
            bindings={bindings}
            onChange={(next) => write(entries.map((entry, i) => (i === index ? [name, next ?? null] : entry)))}
          />
          <Button
            tone="quiet"
            aria-label={`Remove ${name} from ${label}`}
            icon={<X />}
            onPress={() => write(entries.filter((_, i) => i !== index))}
          />
        </div>
      ))}
      {error && <span className={styles.error}>{error}</span>}
      <p>
        <Button icon={<Plus />} onPress={() => write([...entries, [freeName(entries), '']])}>
          Add to {label}
        </Button>
      </p>
    </fieldset>
  );
}

function freeName(entries: readonly [string, unknown][]): string {
  const names = new Set(entries.map(([name]) => name));
  for (let count = 1; ; count++) if (!names.has(`name${count}`)) return `name${count}`;
}
