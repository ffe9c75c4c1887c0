import type { ReactNode } from 'react';
import { Button } from './button';
import { CodeBlock } from './code-block';
import { Dialog } from './dialog';
import { Notice } from './notice';

interface ShownOnceProps {
  title: string;
  value: string;
  onDone: () => void;
  /** True when the value is in the clipboard already. */
  isCopied?: boolean;
  children?: ReactNode;
}

/** A value that is shown now and never again. It lives in this dialog alone, which closes when the user says that they have stored it. */
export const ShownOnce = ({ title, value, onDone, isCopied = false, children }: ShownOnceProps) => (
  <Dialog
    title={title}
    isOpen
    isFixed
    onClose={onDone}
    actions={
      <Button tone="primary" onPress={onDone}>
        I have stored it
      </Button>
    }
  >
    <Notice tone="warn">Shown now and never again.{isCopied && ' It is in your clipboard.'}</Notice>
    <CodeBlock text={value} what="value" />
    {children}
  </Dialog>
);
