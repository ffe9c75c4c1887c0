import { getRouteApi } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { rolesFor, useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Page } from '../../kit/page';
import { NoRight } from '../../kit/state';
import { Tabs } from '../../kit/tabs';
import { useActions } from '../../shell/actions';
import { CreateCallerToken } from './create-caller-token';
import { CreateOwnToken } from './create-own-token';
import { CallerTokens } from './list-caller-tokens';
import { Issuers } from './list-issuers';
import { OwnTokens } from './list-own-tokens';

const route = getRouteApi('/tokens');
const TABS = [
  { id: 'own', label: 'Yours' },
  { id: 'callers', label: 'Of callers' },
  { id: 'issuers', label: 'Of other issuers' },
];

/** Tokens: those of the user, for programs that act for them, those of callers of endpoints, and their other issuers. */
export function ListTokens() {
  const { tab = 'own' } = route.useSearch();
  return tab === 'issuers' ? <OtherIssuers /> : <OwnAndCallers tab={tab} />;
}

const tabsAt = (tab: string) => <Tabs label="Tokens" tabs={TABS} current={tab} />;

const OtherIssuers = () => (
  <Page title="Tokens" below={tabsAt('issuers')}>
    {useRights().may('endpoint.read') ? <Issuers /> : <NoRight what="issuers" roles={rolesFor('endpoint.read')} />}
  </Page>
);

function OwnAndCallers({ tab }: { tab: 'own' | 'callers' }) {
  const { may, whyNot } = useRights();
  const [isCreating, setCreating] = useState(false);
  const permission = tab === 'own' ? 'session.own' : 'token.write';
  const create = (): void => setCreating(true);
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot(permission)} onPress={create}>
      New token
    </Button>
  );
  useActions(may(permission) ? [{ id: 'new', label: 'New token', keys: 'n', run: create }] : []);
  const Create = tab === 'own' ? CreateOwnToken : CreateCallerToken;
  return (
    <Page title="Tokens" actions={button} below={tabsAt(tab)}>
      {tab === 'own' ? (
        <OwnTokens button={button} />
      ) : may('token.read') ? (
        <CallerTokens button={button} />
      ) : (
        <NoRight what="tokens of callers" roles={rolesFor('token.read')} />
      )}
      {isCreating && <Create onClose={() => setCreating(false)} />}
    </Page>
  );
}
