import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call';
import { rolesFor, useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Facts, Page, Section } from '../../kit/page';
import { Loaded, NoRight } from '../../kit/state';
import { Time } from '../../kit/time';
import { DeleteUsed } from '../use/delete-used';
import { ListUses } from '../use/list-uses';
import { SecretState } from './list-secrets';
import { PutSecret } from './put-secret';
import { secretQueries, type Secret } from './secret.queries';

const route = getRouteApi('/secrets/$name');

/** One secret: who may use it, and which endpoints list it. */
export function ShowSecret() {
  const { name } = route.useParams();
  const { may } = useRights();
  const isAllowed = may('secret.read');
  const query = useQuery({ ...secretQueries.one(name), enabled: isAllowed });
  const uses = useQuery({ ...secretQueries.uses(name), enabled: isAllowed });
  const secret = query.data;
  if (!isAllowed)
    return (
      <Page title={name}>
        <NoRight what="secrets" roles={rolesFor('secret.read')} />
      </Page>
    );
  return (
    <Page
      title={name}
      beside={secret && <SecretState version={secret.version} />}
      actions={secret && <Actions secret={secret} />}
    >
      <Loaded query={query} what="the secret">
        {({ description, roles, version, createdAt, updatedAt }) => (
          <>
            <Section title="Secret">
              <Facts
                facts={[
                  ['Value', version === 0 ? 'none yet: calls that need it are refused' : 'stored; it is never shown'],
                  ['Values so far', String(version)],
                  ['Description', description || 'none'],
                  ['Roles', roles.join(', ') || 'every executor, every developer'],
                  ['Created', <Time key="created" at={createdAt} />],
                  ['Changed', <Time key="changed" at={updatedAt} />],
                ]}
              />
              {may('audit.read') && (
                <p>
                  <Link to="/audit" search={{ object: 'secret', objectId: name }}>
                    Who changed it
                  </Link>
                </p>
              )}
            </Section>
            <ListUses title="Where it is used" query={uses} none="No endpoint lists it." />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ secret }: { secret: Secret }) {
  const { whyNot } = useRights();
  const reason = whyNot('secret.write');
  const [asks, setAsks] = useState<'change' | 'delete' | null>(null);
  const uses = useQuery(secretQueries.uses(secret.name));
  return (
    <>
      <Button reason={reason} onPress={() => setAsks('change')}>
        Change…
      </Button>
      <Button tone="danger" reason={reason} onPress={() => setAsks('delete')}>
        Delete…
      </Button>
      {asks === 'change' && <PutSecret secret={secret} onClose={() => setAsks(null)} />}
      {asks === 'delete' && (
        <DeleteUsed
          noun="secret"
          name={secret.name}
          uses={uses}
          isAlwaysTyped
          advice="It cannot be undone, and its value cannot be read before."
          whenForced="Calls of endpoints that list it are refused until it exists again."
          remove={(force) =>
            call('DELETE /admin/secrets/:name', {
              params: { name: secret.name },
              query: force ? { force: 'true' } : {},
            })
          }
          queryKey={secretQueries.all}
          list="/secrets"
          onClose={() => setAsks(null)}
        />
      )}
    </>
  );
}
