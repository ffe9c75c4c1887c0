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

/** More acts of an object, behind one button. */
export const Menu = ({ label, actions }: { label: string; actions: readonly MenuAction[] }) => (
  <MenuTrigger>
    <Button aria-label={label} icon={<Ellipsis />} />
    <Popover className={fieldStyles.popover} placement="bottom end">
      <AriaMenu
        className={fieldStyles.list}
        items={actions}
        disabledKeys={actions.filter(({ reason }) => reason !== undefined).map(({ id }) => id)}
        onAction={(key) => actions.find(({ id }) => id === key)?.onAction()}
      >
        {({ label: text, reason, tone }) => (
          <MenuItem className={`${fieldStyles.option} ${tone === 'danger' ? styles.danger : ''}`} textValue={text}>
            <Text slot="label">{text}</Text>
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
