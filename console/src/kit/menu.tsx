import { Ellipsis } from 'lucide-react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { Button } from './button';
import fieldStyles from './field.module.css';
import styles from './menu.module.css';

export interface MenuAction {
  id: string;
  label: string;
  onAction: () => void;
  /** Why it is disabled. */
  reason?: string | undefined;
  tone?: 'danger';
}

/** More acts of an object, behind one button: an ellipsis, or `text`. */
export const Menu = ({ label, text, actions }: { label: string; text?: string; actions: readonly MenuAction[] }) => (
  <MenuTrigger>
    {text === undefined ? <Button aria-label={label} icon={<Ellipsis />} /> : <Button>{text}</Button>}
    <Popover className={fieldStyles.popover} placement="bottom end">
      <AriaMenu
        className={fieldStyles.list}
        items={actions}
        disabledKeys={actions.filter(({ reason }) => reason !== undefined).map(({ id }) => id)}
        onAction={(key) => actions.find(({ id }) => id === key)?.onAction()}
      >
        {({ label: name, reason, tone }) => (
          <MenuItem className={`${fieldStyles.option} ${tone === 'danger' ? styles.danger : ''}`} textValue={name}>
            <Text slot="label">{name}</Text>
            {reason && (
              <Text slot="description" className={fieldStyles.hint}>
                {reason}
              </Text>
            )}
          </MenuItem>
        )}
      </AriaMenu>
    </Popover>
  </MenuTrigger>
);
