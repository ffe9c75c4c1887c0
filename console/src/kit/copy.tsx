import { Check, Copy as CopyIcon } from 'lucide-react';
import { useState } from 'react';
import { Button, type ButtonTone } from './button';
import { toastFailed } from './toast';

/** Milliseconds for which the button says that it has copied. */
const SAID_MS = 2000;

/** Copies `text`. `what` names it for screen readers, such as `URL`; `label` is the text of the button, if it has one. */
export function Copy({
  text,
  what,
  label,
  tone = 'quiet',
}: {
  text: string;
  what: string;
  label?: string;
  tone?: ButtonTone;
}) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(setCopied, SAID_MS, false);
    } catch {
      toastFailed(new Error('The browser did not let this page copy. Select the text and copy it yourself.'));
    }
  };
  return (
    <Button
      tone={tone}
      aria-label={isCopied ? `Copied ${what}` : `Copy ${what}`}
      icon={isCopied ? <Check /> : <CopyIcon />}
      onPress={() => void copy()}
    >
      {label}
    </Button>
  );
}
