import { ChevronDown } from 'lucide-react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Text } from 'react-aria-components';
import type { ChoiceProps, Option } from './choice-field';
import { Below } from './field';
import styles from './field.module.css';

/** One of several values, in a list that opens. */
export function SelectField<T extends string>(props: ChoiceProps<T>) {
  const { label, hint, error, value, onChange, options, isLabelHidden, isDisabled } = props;
  return (
    <Select
      className={styles.field}
      value={value}
      onChange={(key) => onChange(key as T)}
      isInvalid={error !== undefined}
      isDisabled={isDisabled}
    >
      <Label className={isLabelHidden ? 'hidden' : styles.label}>{label}</Label>
      <Button className={`${styles.input} ${styles.select}`}>
        <SelectValue />
        <ChevronDown aria-hidden="true" />
      </Button>
      <Below hint={hint} error={error} />
      <Options options={options} />
    </Select>
  );
}

interface SeveralProps<T extends string> extends Omit<ChoiceProps<T>, 'value' | 'onChange'> {
  value: readonly T[];
  onChange: (value: T[]) => void;
  /** Shown while none is chosen. */
  placeholder: string;
}

/** Several of a set of values, in a list that opens. */
export function SelectSeveralField<T extends string>(props: SeveralProps<T>) {
  const { label, hint, error, value, onChange, options, placeholder, isLabelHidden, isDisabled } = props;
  return (
    <Select
      className={styles.field}
      selectionMode="multiple"
      value={value}
      onChange={(keys) => onChange(options.map((option) => option.value).filter((one) => keys.includes(one)))}
      placeholder={placeholder}
      isInvalid={error !== undefined}
      isDisabled={isDisabled}
    >
      <Label className={isLabelHidden ? 'hidden' : styles.label}>{label}</Label>
      <Button className={`${styles.input} ${styles.select}`}>
        <SelectValue />
        <ChevronDown aria-hidden="true" />
      </Button>
      <Below hint={hint} error={error} />
      <Options options={options} />
    </Select>
  );
}

const Options = <T extends string>({ options }: { options: readonly Option<T>[] }) => (
  <Popover className={styles.popover}>
    <ListBox className={styles.list} items={options.map((option) => ({ ...option, id: option.value }))}>
      {(option) => (
        <ListBoxItem className={styles.option} textValue={option.label}>
          <Text slot="label">{option.label}</Text>
          {option.hint && (
            <Text slot="description" className={styles.hint}>
              {option.hint}
            </Text>
          )}
        </ListBoxItem>
      )}
    </ListBox>
  </Popover>
);
