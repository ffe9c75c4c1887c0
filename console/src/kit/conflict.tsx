import { useState } from 'react';
import { Button } from './button';
import { RadioField } from './choice-field';
import { Dialog } from './dialog';
import { Notice } from './notice';
import { differences, type Choices } from './conflict.rules';

interface ConflictProps<T extends object> {
  /** Name of the changed object, such as `/u/order`. */
  what: string;
  /** The fields, in their order, with the names that the form shows. */
  labels: { [N in keyof T]: string };
  /** As it was when the form opened, as the user left it, as another user saved it. */
  base: T;
  mine: T;
  theirs: T;
  onCancel: () => void;
  /** Gets the values that the user chose, to go on with. Nothing is saved yet. */
  onResolve: (values: T) => void;
}

/**
 * Another user saved the same object first (412). Shows the fields that both or the other one changed; the user keeps theirs or their own,
 * field by field.
 */
export function Conflict<T extends object>(props: ConflictProps<T>) {
  const { what, labels, mine, theirs, onCancel, onResolve } = props;
  const found = differences(props.base, mine, theirs);
  const [choices, setChoices] = useState<Choices<T>>(
    () =>
      Object.fromEntries(
        found.map(({ name, isChangedHere }) => [name, isChangedHere ? 'mine' : 'theirs']),
      ) as Choices<T>,
  );
  const resolve = (): void =>
    onResolve({
      ...theirs,
      ...Object.fromEntries(found.map(({ name }) => [name, choices[name] === 'mine' ? mine[name] : theirs[name]])),
    });
  const actions = (
    <>
      <Button onPress={onCancel}>Cancel</Button>
      <Button tone="primary" onPress={resolve}>
        Use these, then save
      </Button>
    </>
  );
  return (
    <Dialog title="Someone else saved it first" isOpen onClose={onCancel} actions={actions} width="wide">
      <p>{what} has changed since you opened it. Nothing of yours is lost: choose what to keep.</p>
      {found.length === 0 && <Notice tone="info">The fields of this form are the same. You can save again.</Notice>}
      {found.map(({ name }) => (
        <RadioField
          key={String(name)}
          label={labels[name]}
          value={choices[name] ?? 'theirs'}
          options={[
            { value: 'mine', label: `Mine: ${shown(mine[name])}` },
            { value: 'theirs', label: `Theirs: ${shown(theirs[name])}` },
          ]}
          onChange={(choice) => setChoices((now) => ({ ...now, [name]: choice }))}
        />
      ))}
    </Dialog>
  );
}

const shown = (value: unknown): string =>
  Array.isArray(value) && value.every((each) => typeof each !== 'object')
    ? value.join(', ') || 'none'
    : typeof value === 'string'
      ? value || 'empty'
      : JSON.stringify(value);
