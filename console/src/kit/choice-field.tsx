import type { ReactNode } from 'react';
import { Checkbox, CheckboxGroup, Label, Radio, RadioGroup, Switch as AriaSwitch } from 'react-aria-components';
import { Below, type FieldProps } from './field';
import styles from './field.module.css';

export interface Option<T extends string> {
  value: T;
  label: string;
  hint?: string;
}

export interface ChoiceProps<T extends string> extends FieldProps {
  value: T;
  onChange: (value: T) => void;
  options: readonly Option<T>[];
  isLabelHidden?: boolean;
  isDisabled?: boolean;
}

/** One of a few values, all visible. */
export function RadioField<T extends string>(props: ChoiceProps<T>) {
  const { label, hint, error, value, onChange, options, isDisabled } = props;
  return (
    <RadioGroup
      className={styles.field}
      value={value}
      onChange={(key) => onChange(key as T)}
      isInvalid={error !== undefined}
      isDisabled={isDisabled}
    >
      <Label className={styles.label}>{label}</Label>
      {options.map((option) => (
        <Radio key={option.value} value={option.value} className={styles.choice}>
          <span className={styles.dot} aria-hidden="true" />
          <span>
            {option.label}
            {option.hint && <span className={styles.hint}>{option.hint}</span>}
          </span>
        </Radio>
      ))}
      <Below hint={hint} error={error} />
    </RadioGroup>
  );
}

interface CheckFieldProps {
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
  children: ReactNode;
  isDisabled?: boolean;
}

export function CheckField({ children, ...props }: CheckFieldProps) {
  return (
    <Checkbox {...props} className={styles.choice}>
      <span className={styles.box} aria-hidden="true" />
      <span>{children}</span>
    </Checkbox>
  );
}

interface ChecksProps<T extends string> extends Omit<ChoiceProps<T>, 'value' | 'onChange' | 'isLabelHidden'> {
  value: readonly T[];
  onChange: (value: T[]) => void;
}

/** Several of a few values, all visible. */
export function ChecksField<T extends string>(props: ChecksProps<T>) {
  const { label, hint, error, value, onChange, options, isDisabled } = props;
  return (
    <CheckboxGroup
      className={styles.field}
      value={[...value]}
      onChange={(chosen) => onChange(options.map((option) => option.value).filter((one) => chosen.includes(one)))}
      isInvalid={error !== undefined}
      isDisabled={isDisabled}
    >
      <Label className={styles.label}>{label}</Label>
      {options.map((option) => (
        <Checkbox key={option.value} value={option.value} className={styles.choice}>
          <span className={styles.box} aria-hidden="true" />
          <span>
            {option.label}
            {option.hint && <span className={styles.hint}>{option.hint}</span>}
          </span>
        </Checkbox>
      ))}
      <Below hint={hint} error={error} />
    </CheckboxGroup>
  );
}

/** Something that is on or off at once, without a button to save it. */
export function Switch({ label, ...props }: Omit<CheckFieldProps, 'children'> & { label: string }) {
  return (
    <AriaSwitch {...props} className={styles.switch} aria-label={label}>
      <span className={styles.track} aria-hidden="true" />
    </AriaSwitch>
  );
}
