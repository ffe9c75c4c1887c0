import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Form as AriaForm } from 'react-aria-components';
import { useRights } from '../api/session';
import type { Permission } from '../../../src/core/access/permitted.rules';
import { useActions } from '../shell/actions';
import { Button } from './button';
import { Conflict } from './conflict';
import styles from './edit-section.module.css';
import type { Form } from './form';
import { formName } from './kept-forms';
import { Notice } from './notice';
import { Section } from './page';
import { useRevisedForm, type RevisedFormOptions } from './revised-form';
import { toastDone } from './toast';

interface EditSectionProps<O, T extends object> extends RevisedFormOptions<O, T> {
  title: string | ((values: T) => string);
  /** Permission to save. */
  permission: Permission;
  /** The fields in their order, with the names that the form shows. */
  labels: { [N in keyof T]: string };
  /** Name of the object that another user may have saved first, such as `/u/order`. */
  nameOf: (object: O) => string;
  /** Name of the saved part, in the palette: `the settings`. */
  what: string;
  /** Said when it is saved; default: `Saved <what>.` */
  saved?: (values: T) => string;
  /** Reads again what the change may concern. */
  onSaved: () => Promise<unknown>;
  /** Beside the button that saves. */
  actions?: (form: Form<T>, reason: string | undefined) => ReactNode;
  /** The fields. `reason` says why the user may not change them; undefined: they may. */
  children: (form: Form<T>, reason: string | undefined) => ReactNode;
  width?: 'wide';
}

/** A part of a screen that edits an object under the revision that it shows: fields, Save (`Ctrl S`), and what another user saved first. */
export function EditSection<O extends { revision: number }, T extends object>(props: EditSectionProps<O, T>) {
  const { title, permission, labels, nameOf, what, saved, onSaved, toValues, children, width } = props;
  const reason = useRights().whyNot(permission);
  const { pathname, search } = useLocation();
  const edited = useRevisedForm({ ...props, keptAs: formName(pathname, search.tab, what) });
  const { form, base, theirs } = edited;
  const save = async (): Promise<void> => {
    if (!(await edited.save())) return;
    toastDone(saved?.(form.values) ?? `Saved ${what}.`);
    await onSaved();
  };
  useActions(reason ? [] : [{ id: 'save', label: `Save ${what}`, keys: 'Mod+S', run: () => void save() }]);
  return (
    <Section title={typeof title === 'string' ? title : title(form.values)}>
      <AriaForm
        className={`${styles.form} ${width ? styles[width] : ''}`}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {children(form, reason)}
        {form.problem && theirs === null && <Notice tone="bad">{form.problem.message}</Notice>}
        <p className={styles.bar}>
          {props.actions?.(form, reason)}
          <Button type="submit" tone="primary" reason={reason} isPending={form.isPending}>
            Save
          </Button>
          {form.isChanged && (
            <Button isDisabled={form.isPending} onPress={() => toastDone(`Discarded ${what}.`, edited.discard())}>
              Discard
            </Button>
          )}
          <span role="status">{form.isChanged ? 'Not saved' : ''}</span>
        </p>
      </AriaForm>
      {theirs && <Conflict what={nameOf(base)} labels={labels} edited={edited} theirs={theirs} toValues={toValues} />}
    </Section>
  );
}
