import { useState, type ReactNode } from 'react';
import { RadioField } from './choice-field';
import { EXPIRIES, type Expiry } from './expiry.rules';
import type { FieldOf, Form } from './form';
import { FormDialog } from './form-dialog';
import { ShownOnce } from './shown-once';

interface CreateOnceProps<T extends object> {
  title: string;
  form: Form<T>;
  /** False while a value is missing without which nothing is sent. */
  isReady: boolean;
  /** Makes the object. Resolves to its value, which is in this answer only; null: there is nothing to show. */
  create: (values: T) => Promise<string | null>;
  /** The title of the dialog that shows the value, such as `Key “shop”`. */
  madeTitle: string;
  onClose: () => void;
  children: ReactNode;
  width?: 'narrow' | 'wide';
}

/** A form that makes a credential, and then shows its value once. Sent without an Idempotency-Key: the answer to a repeat has no value. */
export function CreateOnce<T extends object>(props: CreateOnceProps<T>) {
  const { form, create, madeTitle, onClose, children, ...dialog } = props;
  const [value, setValue] = useState<string | null>(null);
  const send = async (): Promise<void> => {
    let made: string | null = null;
    const isDone = await form.send(async (values) => {
      made = await create(values);
    });
    if (!isDone) return;
    if (made === null) onClose();
    else setValue(made);
  };
  if (value !== null) return <ShownOnce title={madeTitle} value={value} onDone={onClose} />;
  return (
    <FormDialog {...dialog} verb="Create" form={form} onSend={() => void send()} onClose={onClose}>
      {children}
    </FormDialog>
  );
}

/** When a credential expires. */
export const ExpiryField = (field: FieldOf<Expiry>) => <RadioField label="Expires" options={EXPIRIES} {...field} />;
