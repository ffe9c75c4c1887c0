import { useState, type FormEvent } from 'react';
import { TextField } from './field';

interface FilterFieldProps {
  label: string;
  value: string;
  onApply: (value: string) => void;
  isNumber?: boolean;
}

/** A field that filters when the user presses Enter or leaves it: a search over a text that is being typed costs much and finds nothing. */
export function FilterField({ label, value, onApply, isNumber }: FilterFieldProps) {
  // A text that belongs to a former value of the filter is dropped; the field, and the focus in it, stay.
  const [draft, setDraft] = useState({ value, text: value });
  const text = draft.value === value ? draft.text : value;
  const apply = (): void => {
    if (text.trim() !== value) onApply(text.trim());
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    apply();
  };
  return (
    <form onSubmit={submit}>
      <TextField
        label={label}
        isLabelHidden
        type={isNumber ? 'number' : 'search'}
        placeholder={label}
        value={text}
        onChange={(typed) => setDraft({ value, text: typed })}
        onBlur={apply}
      />
    </form>
  );
}
