import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Text } from 'react-aria-components';
import type { ChoiceProps, Option } from './choice-field';
import { Below } from './field';
import styles from './field.module.css';

/** One of several values, in a list that opens. */
export const SelectField = <T extends string>(props: ChoiceProps<T>) => (
  <Select
    className={styles.field}
    value={props.value}
    onChange={(key) => props.onChange(key as T)}
    isInvalid={props.error !== undefined}
    isDisabled={props.isDisabled}
  >
    {partsOf(props)}
  </Select>
);

interface SeveralProps<T extends string> extends Omit<ChoiceProps<T>, 'value' | 'onChange'> {
  value: readonly T[];
  onChange: (value: T[]) => void;
  /** Shown while none is chosen. */
  placeholder: string;
}

/** Several of a set of values, in a list that opens. */
export const SelectSeveralField = <T extends string>(props: SeveralProps<T>) => (
  <Select
    className={styles.field}
    selectionMode="multiple"
    value={props.value}
    onChange={(keys) => props.onChange(props.options.map(({ value }) => value).filter((one) => keys.includes(one)))}
    placeholder={props.placeholder}
    isInvalid={props.error !== undefined}
    isDisabled={props.isDisabled}
  >
    {partsOf(props)}
  </Select>
);

/** Label, button, and the list that it opens. */
const partsOf = <T extends string>(
  props: Pick<ChoiceProps<T>, 'label' | 'hint' | 'error' | 'options' | 'isLabelHidden'>,
): ReactNode => (
  <>
    <Label className={props.isLabelHidden ? 'hidden' : styles.label}>{props.label}</Label>
    <Button className={`${styles.input} ${styles.select}`}>
      <SelectValue />
      <ChevronDown aria-hidden="true" />
    </Button>
    <Below hint={props.hint} error={props.error} />
    <Options options={props.options} />
  </>
);

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
