import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call, type Answer } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { CheckField } from '../../kit/choice-field';
import { Question } from '../../kit/dialog';
import { Notice } from '../../kit/notice';
import { Facts, Page, Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { toastDone, toastFailed } from '../../kit/toast';
import { Time } from '../../kit/time';
import { KeyExpiry, KeyState } from './key-state';
import { keyQueries, type Key } from './key.queries';
import { RotateKey } from './rotate-key';

const route = getRouteApi('/keys/$id');

/** One key: its state, and the endpoints that it opens. */
export function ShowKey() {
  const { id } = route.useParams();
  const query = useQuery(keyQueries.one(id));
  const key = query.data;
  return (
    <Page
      title={key ? key.alias : 'Key'}
      beside={key && <KeyState value={key} />}
      actions={key && <Actions value={key} />}
    >
      <Loaded query={query} what="the key">
        {(data) => (
          <>
            <Section title="Key">
              <Facts
                facts={[
                  ['Value', data.prefix ? <code key="value">{data.prefix}…</code> : 'a value of its own'],
                  ['Expires', <KeyExpiry key="expires" expiresAt={data.expiresAt} />],
                  ['Last used', data.lastUsedAt ? <Time key="used" at={data.lastUsedAt} /> : 'never'],
                  ...(data.previous
                    ? [['The former value works', <KeyExpiry key="until" expiresAt={data.previous.until} />] as const]
                    : []),
                  ['Created', <Time key="created" at={data.createdAt} />],
                  ['Changed', <Time key="changed" at={data.updatedAt} />],
                  ['Id', <code key="id">{data.id}</code>],
                ]}
              />
            </Section>
            <Opens id={data.id} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The endpoints that accept a key. */
function Opens({ id }: { id: string }) {
  const query = useQuery(keyQueries.uses(id));
  return (
    <Section title="Opens">
      <Loaded query={query} what="the endpoints of the key">
        {({ items, more }) => <EndpointLinks items={items} hasMore={more} />}
      </Loaded>
    </Section>
  );
}

const EndpointLinks = ({ items, hasMore }: { items: Answer<'GET /admin/keys/:id/uses'>['items']; hasMore: boolean }) =>
  items.length === 0 ? (
    <p>No endpoint accepts this key.</p>
  ) : (
    <ul>
      {items.map(({ id, name }) => (
        <li key={id}>
          <Link to="/endpoints/$id" params={{ id }}>
            /u/{name}
          </Link>
        </li>
      ))}
      {hasMore && <li>and others</li>}
    </ul>
  );

function Actions({ value: key }: { value: Key }) {
  const { whyNot } = useRights();
  const reason = whyNot('key.write');
  const client = useQueryClient();
  const [asks, setAsks] = useState<'rotate' | 'delete' | null>(null);
  const { mutate, isPending } = useMutation({
    mutationFn: (active: boolean) =>
      call('PATCH /admin/keys/:id', { params: { id: key.id }, body: { active }, ifMatch: key.revision }),
    onError: toastFailed,
    onSuccess: (_saved, active) =>
      toastDone(active ? 'The key is valid again.' : 'The key opens nothing any more.', undefined),
    onSettled: () => client.invalidateQueries({ queryKey: keyQueries.all }),
  });
  return (
    <>
      <Button reason={reason} onPress={() => setAsks('rotate')}>
        Rotate…
      </Button>
      <Button reason={reason} isPending={isPending} onPress={() => mutate(!key.active)}>
        {key.active ? 'Switch off' : 'Switch on'}
      </Button>
      <Button tone="danger" reason={reason} onPress={() => setAsks('delete')}>
        Delete…
      </Button>
      {asks === 'rotate' && <RotateKey value={key} onClose={() => setAsks(null)} />}
      {asks === 'delete' && <DeleteKey value={key} onClose={() => setAsks(null)} />}
    </>
  );
}

/** Deletes a key that no endpoint accepts; one in use only with the consequences in sight. */
function DeleteKey({ value: key, onClose }: { value: Key; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const uses = useQuery(keyQueries.uses(key.id));
  const [isForced, setForced] = useState(false);
  const count = uses.data?.items.length ?? 0;
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      call('DELETE /admin/keys/:id', {
        params: { id: key.id },
        query: isForced ? { force: 'true' } : {},
        ifMatch: key.revision,
      }),
    onError: toastFailed,
    onSuccess: async () => {
      await navigate({ to: '/keys' });
      await client.invalidateQueries({ queryKey: keyQueries.all });
      toastDone(`Deleted the key ${key.alias}.`);
    },
  });
  return (
    <Question
      title={`Delete the key ${key.alias}?`}
      verb="Delete key"
      isOpen
      isPending={isPending}
      onClose={onClose}
      onConfirm={() => mutate()}
      {...(isForced ? { typed: key.alias } : {})}
    >
      <p>It cannot be undone. To stop it for a while, switch it off.</p>
      {count > 0 && (
        <>
          <Notice tone="warn">
            {count === 1 ? 'One endpoint accepts' : `${count} endpoints accept`} this key:{' '}
            {uses.data!.items.map(({ name }) => `/u/${name}`).join(', ')}.
          </Notice>
          <CheckField isSelected={isForced} onChange={setForced}>
            Delete it all the same. Endpoints without another key then accept no calls by key.
          </CheckField>
        </>
      )}
    </Question>
  );
}
