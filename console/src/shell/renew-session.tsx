import { useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { sessionGate } from '../api/session-gate';
import { sessionQuery } from '../api/session';
import { Dialog } from '../kit/dialog';
import { Ways } from './sign-in';

/** Asks the user to sign in again over the screen when their session is over. What waits is sent again; nothing on the screen is lost. */
export function RenewSession() {
  const isClosed = useSyncExternalStore(sessionGate.subscribe, sessionGate.isClosed);
  const name = useQueryClient().getQueryData(sessionQuery.queryKey)?.user.name;
  return (
    <Dialog title="Your session is over" isOpen={isClosed} onClose={() => sessionGate.open(false)}>
      <p>Sign in again to go on where you are. Nothing on this page is lost.</p>
      <Ways {...(name === undefined ? {} : { name })} />
    </Dialog>
  );
}
