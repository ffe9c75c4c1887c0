import type { ReactNode } from 'react';
import { Conflict } from './conflict';
import type { Form } from './form';
import { FormDialog } from './form-dialog';
import { useRevisedForm, type RevisedFormOptions } from './revised-form';

interface EditDialogProps<O, T extends object> extends RevisedFormOptions<O, T> {
  title: string;
  /** On the button that saves; default: `Save`. */
  verb?: string;
  /** The fields in their order, with the names that the form shows. */
  labels: { [N in keyof T]: string };
  /** Name of the object that another user may have saved first: `The role billing`. */
  what: string;
  isReady?: (values: T) => boolean;
  /** Says what was saved, and reads again what the change may concern. */
  onSaved: (values: T) => Promise<unknown>;
  onClose: () => void;
  children: (form: Form<T>) => ReactNode;
}

/** A dialog that edits an object under the revision that it shows, and asks when another user saved it first. */
export function EditDialog<O extends { revision: number }, T extends object>(props: EditDialogProps<O, T>) {
  const { title, verb = 'Save', labels, what, isReady, onSaved, onClose, toValues, children } = props;
  const edited = useRevisedForm(props);
  const { form, theirs } = edited;
  const save = async (): Promise<void> => {
    if (!(await edited.save())) return;
    await onSaved(form.values);
    onClose();
  };
  if (theirs) return <Conflict what={what} labels={labels} edited={edited} theirs={theirs} toValues={toValues} />;
  return (
    <FormDialog
      title={title}
      verb={verb}
      form={form}
      isReady={isReady?.(form.values) ?? true}
      onSend={() => void save()}
      onClose={onClose}
    >
      {children(form)}
    </FormDialog>
  );
}
