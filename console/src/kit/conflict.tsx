import { useState } from 'react';
import { Button } from './button';
import { RadioField } from './choice-field';
import { Dialog } from './dialog';
import { Notice } from './notice';
import { differences, type Choices } from './conflict.rules';
import type { RevisedForm } from './revised-form';

interface ConflictProps<O, T extends object> {
  /** Name of the changed object, such as `/u/order`. */
  what: string;
  /** The fields, in their order, with the names that the form shows. */
  labels: { [N in keyof T]: string };
  edited: RevisedForm<O, T>;
  /** The object as another user saved it. */
  theirs: O;
  toValues: (object: O) => T;
}

/**
 * Another user saved the same object first (412). Shows the fields that both or the other one changed; the user keeps theirs or their own,
 * field by field.
 */
export function Conflict<O, T extends object>({ what, labels, edited, toValues, ...props }: ConflictProps<O, T>) {
  const mine = edited.form.values;
  const theirs = toValues(props.theirs);
  const found = differences(toValues(edited.base), mine, theirs);
  const [choices, setChoices] = useState<Choices<T>>(
    () =>
      Object.fromEntries(
        found.map(({ name, isChangedHere }) => [name, isChangedHere ? 'mine' : 'theirs']),
      ) as Choices<T>,
  );
  const resolve = (): void =>
    edited.resolve({
      ...theirs,
      ...Object.fromEntries(found.map(({ name }) => [name, choices[name] === 'mine' ? mine[name] : theirs[name]])),
    });
  const actions = (
    <>
      <Button onPress={edited.cancel}>Cancel</Button>
      <Button tone="primary" onPress={resolve}>
        Use these, then save
      </Button>
    </>
  );
  return (
    <Dialog title="Someone else saved it first" isOpen onClose={edited.cancel} actions={actions} width="wide">
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
