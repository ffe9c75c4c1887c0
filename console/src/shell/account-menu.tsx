import { useNavigate } from '@tanstack/react-router';
import { CircleUser } from 'lucide-react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { signOut, useSession } from '../api/session';
import { Button } from '../kit/button';
import fieldStyles from '../kit/field.module.css';
import { toastFailed } from '../kit/toast';

/** The signed-in user, and links to their pages. */
export function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { user } = useSession();
  const navigate = useNavigate();
  const acts: Record<string, () => void> = {
    account: () => void navigate({ to: '/account' }),
    shortcuts: onShortcuts,
    leave: () => void signOut().catch(toastFailed),
  };
  const item = (id: string, text: string) => (
    <MenuItem id={id} className={fieldStyles.option}>
      {text}
    </MenuItem>
  );
  return (
    <MenuTrigger>
      <Button tone="quiet" aria-label={`Account of ${user.name}`} icon={<CircleUser />} />
      <Popover className={fieldStyles.popover} placement="bottom end">
        <AriaMenu className={fieldStyles.list} aria-label="Account" onAction={(id) => acts[String(id)]?.()}>
          {item('account', `${user.name}: password and theme`)}
          {item('shortcuts', 'Keyboard shortcuts')}
          {item('leave', 'Sign out')}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
