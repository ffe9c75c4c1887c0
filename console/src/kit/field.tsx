import type { ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField as AriaTextField } from 'react-aria-components';
import styles from './field.module.css';

export interface FieldProps {
  label: string;
  /** Below the field, before an error. */
  hint?: ReactNode;
  /** Issue, as the service reported it. */
  error?: string | undefined;
}

/** The hint and the error of a field. */
export const Below = ({ hint, error }: Pick<FieldProps, 'hint' | 'error'>) => (
  <>
    {hint !== undefined && (
      <Text slot="description" className={styles.hint}>
        {hint}
      </Text>
    )}
    <FieldError className={styles.error}>{error}</FieldError>
  </>
);

interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'password' | 'search' | 'url' | 'number' | 'datetime-local';
  autoComplete?: string;
  autoFocus?: boolean;
  isRequired?: boolean;
  isReadOnly?: boolean;
  placeholder?: string;
  /** Text before the field, such as `/u/`. */
  before?: string;
  /** More than one line. */
  rows?: number;
  /** Code: the fixed-width font, without corrections. */
  isCode?: boolean;
  /** Hides the label for eyes; the surroundings show it. */
  isLabelHidden?: boolean;
  onBlur?: () => void;
}

/** A field of text, with its label, a hint, and what is wrong with it. */
export function TextField(props: TextFieldProps) {
  const { label, hint, error, rows, before, isCode, isLabelHidden, placeholder, type = 'text', ...field } = props;
  const code = isCode ? styles.code : '';
  return (
    <AriaTextField
      {...field}
      type={type === 'number' ? 'text' : type}
      inputMode={type === 'number' ? 'numeric' : undefined}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className={styles.field}
      spellCheck={isCode ? 'false' : undefined}
    >
      <Label className={isLabelHidden ? 'hidden' : styles.label}>{label}</Label>
      {rows === undefined ? (
        <span className={styles.line}>
          {before !== undefined && <span className={styles.before}>{before}</span>}
          <Input className={`${styles.input} ${code}`} placeholder={placeholder} />
        </span>
      ) : (
        <TextArea className={`${styles.input} ${code}`} rows={rows} placeholder={placeholder} />
      )}
      <Below hint={hint} error={error} />
    </AriaTextField>
  );
}
