import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button } from './button';
import styles from './dialog.module.css';
import { TextField } from './field';
import { useReturnFocus } from './return-focus';

interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** The buttons at the end; the last one is what Enter of a form does. */
  actions?: ReactNode;
  width?: 'narrow' | 'wide';
  /** True where Escape and a click outside must not close it. */
  isFixed?: boolean;
}

/** A modal dialog. It takes the focus, keeps it, and gives it back. */
export function Dialog({ title, isOpen, onClose, children, actions, width = 'narrow', isFixed = false }: DialogProps) {
  useReturnFocus(isOpen);
  return (
    <ModalOverlay
      className={styles.overlay}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!isFixed}
      isKeyboardDismissDisabled={isFixed}
    >
      <Modal className={`${styles.modal} ${styles[width]}`}>
        <AriaDialog className={styles.dialog}>
          <header className={styles.head}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {!isFixed && <Button tone="quiet" aria-label="Close" icon={<X />} onPress={onClose} />}
          </header>
          <div className={styles.body}>{children}</div>
          {actions && <footer className={styles.foot}>{actions}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface QuestionProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  /** Consequences, also for others. */
  children: ReactNode;
  /** The verb on the button, such as `Delete key`. */
  verb: string;
  isPending: boolean;
  onConfirm: () => void;
  /** For acts that cannot be undone: the name that the user types first. */
  typed?: string;
}

/** Asks before an act that cannot be undone. */
export function Question({ typed, verb, isPending, onConfirm, children, ...dialog }: QuestionProps) {
  const [text, setText] = useState('');
  const actions = (
    <>
      <Button onPress={dialog.onClose}>Cancel</Button>
      <Button
        tone="danger"
        isPending={isPending}
        isDisabled={typed !== undefined && text !== typed}
        onPress={onConfirm}
      >
        {verb}
      </Button>
    </>
  );
  return (
    <Dialog {...dialog} actions={actions}>
      {children}
      {typed !== undefined && <TextField label={`Type ${typed} to confirm`} value={text} onChange={setText} />}
    </Dialog>
  );
}
