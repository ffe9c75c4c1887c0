import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { printable } from '../../kit/json-tree.rules';
import { Time } from '../../kit/time';
import { PersonLink } from '../user/person-link';
import { Affected } from './affected';
import { deployNow } from './deploy';
import type { Handler, Version } from './handler.queries';

interface ServeVersionProps {
  handler: Handler;
  /** A version that is not the default one. */
  version: Version;
  /** Names the version on the button, where nothing beside it does. */
  isNamed?: boolean;
  reason?: string | undefined;
}

/** Deploys a version, or rolls back to an older one, once the user has seen what it affects. The toast takes it back. */
export function ServeVersion({ handler, version: { version, note, ...saved }, isNamed, reason }: ServeVersionProps) {
  const client = useQueryClient();
  const [asks, setAsks] = useState(false);
  const [isPending, setPending] = useState(false);
  const { defaultVersion } = handler;
  const isBack = defaultVersion !== null && version < defaultVersion;
  const verb = isBack ? 'Roll back' : 'Deploy';
  const named = `${verb} ${isBack ? 'to ' : ''}v${version}`;
  const serve = async (): Promise<void> => {
    setPending(true);
    const isDone = await deployNow(client, handler, version, defaultVersion);
    setPending(false);
    if (isDone) setAsks(false);
  };
  const actions = (
    <>
      <Button onPress={() => setAsks(false)}>Cancel</Button>
      <Button tone="primary" autoFocus isPending={isPending} onPress={() => void serve()}>
        {verb}
      </Button>
    </>
  );
  return (
    <>
      <Button reason={reason} onPress={() => setAsks(true)}>
        {isNamed ? named : verb}…
      </Button>
      <Dialog title={`${named}?`} isOpen={asks} onClose={() => setAsks(false)} actions={actions}>
        <p>
          v{version} was saved <Time at={saved.createdAt} /> by{' '}
          <PersonLink id={saved.createdBy} name={saved.createdByName} />
          {note === '' ? '.' : `: ${printable(note)}`}
        </p>
        {defaultVersion !== null && <p>v{defaultVersion} is served now, and is kept.</p>}
        <Affected id={handler.id} />
      </Dialog>
    </>
  );
}
