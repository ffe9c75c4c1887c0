import { useEffect, useRef, type ReactNode } from 'react';
import { Form as AriaForm, FormContext } from 'react-aria-components';
import { Button } from './button';
import { Dialog } from './dialog';
import styles from './dialog.module.css';
import type { Form } from './form';
import { Notice } from './notice';

interface FormDialogProps {
  title: string;
  /** The verb on the button, such as `Create`. */
  verb: string;
  form: Pick<Form<object>, 'problem' | 'errorAt' | 'isPending'>;
  /** False while a value is missing without which nothing is sent. */
  isReady?: boolean;
  onSend: () => void;
  onClose: () => void;
  children: ReactNode;
  width?: 'narrow' | 'wide';
}

/**
 * A form in a dialog, with what is wrong with the whole of it and the button that sends it. A refusal takes the focus to its first field. A
 * form that opens the dialog is not sent with it: React passes events, and React Aria the properties of a form, through the portal.
 */
export function FormDialog({ verb, form, isReady = true, onSend, children, ...dialog }: FormDialogProps) {
  const fields = useRef<HTMLFormElement>(null);
  // An issue may be out of sight, above the button.
  useEffect(() => {
    if (form.problem) fields.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [form.problem]);
  return (
    <Dialog {...dialog} isOpen>
      <FormContext.Provider value={null}>
        <AriaForm
          ref={fields}
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            onSend();
          }}
        >
          {children}
          {form.problem && form.errorAt('') === undefined && <Notice tone="bad">{form.problem.message}</Notice>}
          <p>
            <Button type="submit" tone="primary" isPending={form.isPending} isDisabled={!isReady}>
              {verb}
            </Button>
          </p>
        </AriaForm>
      </FormContext.Provider>
    </Dialog>
  );
}
