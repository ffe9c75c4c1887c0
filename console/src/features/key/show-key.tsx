import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Facts, Page, Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { toastDone, toastFailed } from '../../kit/toast';
import { Time } from '../../kit/time';
import { DeleteUsed } from '../use/delete-used';
import { ListUses } from '../use/list-uses';
import { EditKeyLimits } from './edit-key-limits';
import { KeyExpiry, KeyState } from './key-state';
import { KeyUsage } from './key-usage';
import { keyQueries, type Key } from './key.queries';
import { RenameKey } from './rename-key';
import { RotateKey } from './rotate-key';

const route = getRouteApi('/keys/$id');

/** One key: its state, and the endpoints that it opens. */
export function ShowKey() {
  const { id } = route.useParams();
  const query = useQuery(keyQueries.one(id));
  const uses = useQuery(keyQueries.uses(id));
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
                  ['Last used', <LastUsed key="used" at={data.lastUsedAt} />],
                  ...(data.previous
                    ? ([
                        ['The former value works until', <KeyExpiry key="until" expiresAt={data.previous.until} />],
                        ['The former value was last used', <LastUsed key="former" at={data.previous.lastUsedAt} />],
                      ] as const)
                    : []),
                  ['Created', <Time key="created" at={data.createdAt} />],
                  ['Changed', <Time key="changed" at={data.updatedAt} />],
                  ['Id', <code key="id">{data.id}</code>],
                ]}
              />
            </Section>
            <KeyUsage value={data} />
            <EditKeyLimits key={data.id} value={data} />
            <ListUses title="Who accepts it" query={uses} none="No endpoint accepts this key." />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const LastUsed = ({ at }: { at: string | null }) => (at === null ? 'never' : <Time at={at} />);

function Actions({ value: key }: { value: Key }) {
  const { whyNot } = useRights();
  const reason = whyNot('key.write');
  const client = useQueryClient();
  const [asks, setAsks] = useState<'rename' | 'rotate' | 'delete' | null>(null);
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
      <Button reason={reason} onPress={() => setAsks('rename')}>
        Rename…
      </Button>
      <Button reason={reason} onPress={() => setAsks('rotate')}>
        Rotate…
      </Button>
      <Button reason={reason} isPending={isPending} onPress={() => mutate(!key.active)}>
        {key.active ? 'Switch off' : 'Switch on'}
      </Button>
      <Button tone="danger" reason={reason} onPress={() => setAsks('delete')}>
        Delete…
      </Button>
      {asks === 'rename' && <RenameKey value={key} onClose={() => setAsks(null)} />}
      {asks === 'rotate' && <RotateKey value={key} onClose={() => setAsks(null)} />}
      {asks === 'delete' && <DeleteKey value={key} onClose={() => setAsks(null)} />}
    </>
  );
}

const DeleteKey = ({ value: key, onClose }: { value: Key; onClose: () => void }) => (
  <DeleteUsed
    noun="key"
    name={key.alias}
    uses={useQuery(keyQueries.uses(key.id))}
    advice="It cannot be undone. To stop it for a while, switch it off."
    whenForced="Endpoints without another key then accept no calls by key."
    remove={(force) =>
      call('DELETE /admin/keys/:id', {
        params: { id: key.id },
        query: force ? { force: 'true' } : {},
        ifMatch: key.revision,
      })
    }
    queryKey={keyQueries.all}
    list="/keys"
    onClose={onClose}
  />
);
