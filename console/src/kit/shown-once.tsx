import { useState } from 'react';
import { Button } from './button';
import { CheckField } from './choice-field';
import { CodeBlock } from './code-block';
import { Dialog } from './dialog';
import { Notice } from './notice';

interface ShownOnceProps {
  title: string;
  value: string;
  onDone: () => void;
  children?: React.ReactNode;
}

/** A value that is shown now and never again. It lives in this dialog alone, which closes when the user has stored it. */
export function ShownOnce({ title, value, onDone, children }: ShownOnceProps) {
  const [isStored, setStored] = useState(false);
  const done = (
    <Button tone="primary" isDisabled={!isStored} onPress={onDone}>
      Done
    </Button>
  );
  return (
    <Dialog title={title} isOpen isFixed onClose={onDone} actions={done}>
      <Notice tone="warn">Shown now and never again.</Notice>
      <CodeBlock text={value} what="value" />
      {children}
      <CheckField isSelected={isStored} onChange={setStored}>
        I have stored it
      </CheckField>
    </Dialog>
  );
}
