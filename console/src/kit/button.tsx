import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import styles from './button.module.css';

export type ButtonTone = 'plain' | 'primary' | 'danger' | 'quiet';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  tone?: ButtonTone;
  icon?: ReactNode;
  /** Without text, `aria-label` names the button. */
  children?: ReactNode;
  /** Names the reason why the button is disabled, for example the role that has the right. */
  reason?: string | undefined;
}

/** A button. With `isPending`, it keeps the focus and says so; with a `reason`, it is disabled and the reason is its description. */
export function Button({ tone = 'plain', icon, children, reason, ...props }: ButtonProps) {
  const button = (
    <AriaButton
      {...props}
      isDisabled={props.isDisabled || reason !== undefined}
      className={`${styles.button} ${styles[tone]} ${children === undefined ? styles.square : ''}`}
    >
      {icon}
      {children}
      {props.isPending && <span className={styles.pending} aria-hidden="true" />}
    </AriaButton>
  );
  if (reason === undefined) return button;
  return (
    <span className={styles.explained} title={reason}>
      {button}
      <span className="hidden">{reason}</span>
    </span>
  );
}
