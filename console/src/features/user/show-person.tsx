import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call, type CallInput } from '../../api/call';
import { useRights, useSession } from '../../api/session';
import { Button } from '../../kit/button';
import { Question } from '../../kit/dialog';
import { Facts, Page, Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { Time } from '../../kit/time';
import { toastDone, toastFailed } from '../../kit/toast';
import { DeleteUsed } from '../use/delete-used';
import { ListUses } from '../use/list-uses';
import { EditPerson } from './edit-person';
import { PersonAccounts } from './person-accounts';
import { newPassword } from './new-password.rules';
import { PersonState } from './person-state';
import { ShowPassword } from './show-password';
import { userQueries, type User } from './user.queries';

const route = getRouteApi('/people/$id');

/** One user: name, roles, and what belongs to them. */
export function ShowPerson() {
  const { id } = route.useParams();
  const { may } = useRights();
  const query = useQuery(userQueries.one(id));
  const uses = useQuery(userQueries.uses(id));
  const user = query.data;
  return (
    <Page
      title={user ? user.name : 'Person'}
      beside={user && <PersonState isActive={user.active} />}
      actions={user && <Actions user={user} />}
    >
      <Loaded query={query} what="the person">
        {(data) => (
          <>
            <EditPerson user={data} />
            <Section title="Person">
              <Facts
                facts={[
                  ['Created', <Time key="created" at={data.createdAt} />],
                  ['Changed', <Time key="changed" at={data.updatedAt} />],
                  ['Id', <code key="id">{data.id}</code>],
                ]}
              />
              {may('audit.read') && (
                <p>
                  <Link to="/audit" search={{ actor: data.id }}>
                    What they changed
                  </Link>{' '}
                  ·{' '}
                  <Link to="/audit" search={{ objectId: data.id }}>
                    Who changed them
                  </Link>
                </p>
              )}
            </Section>
            <PersonAccounts user={data} />
            <ListUses
              title="What runs as them, and what is theirs"
              query={uses}
              none="No endpoint runs as this person, and nothing belongs to them."
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ user }: { user: User }) {
  const { whyNot } = useRights();
  const { user: self } = useSession();
  const client = useQueryClient();
  const [asks, setAsks] = useState<'reset' | 'delete' | null>(null);
  const uses = useQuery(userQueries.uses(user.id));
  const isSelf = self.id === user.id;
  const reason = whyNot('user.write') ?? (isSelf ? 'This is you: another admin can do it.' : undefined);
  const patch = (body: CallInput<'PATCH /admin/users/:id'>['body']) =>
    call('PATCH /admin/users/:id', { params: { id: user.id }, body });
  const { mutate, isPending } = useMutation({
    mutationFn: (active: boolean) => patch({ active }),
    onError: toastFailed,
    onSuccess: (_saved, active) =>
      toastDone(
        active ? `${user.name} can sign in again.` : `${user.name} is disabled, and their sessions have ended.`,
        () => mutate(!active),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: userQueries.all }),
  });
  return (
    <>
      <Button reason={reason} onPress={() => setAsks('reset')}>
        Reset password…
      </Button>
      <Button reason={reason} isPending={isPending} onPress={() => mutate(!user.active)}>
        {user.active ? 'Disable' : 'Enable'}
      </Button>
      <Button tone="danger" reason={reason} onPress={() => setAsks('delete')}>
        Delete…
      </Button>
      {asks === 'reset' && <ResetPassword user={user} onClose={() => setAsks(null)} />}
      {asks === 'delete' && (
        <DeleteUsed
          noun="person"
          name={user.name}
          uses={uses}
          advice="It cannot be undone. To keep them from signing in, disable them."
          whenForced="Their tokens still call endpoints, and their graphs and nodes stay. An endpoint that runs as them prevents it."
          remove={(force) =>
            call('DELETE /admin/users/:id', {
              params: { id: user.id },
              query: force ? { force: 'true' } : {},
              ifMatch: user.revision,
            })
          }
          queryKey={userQueries.all}
          list="/people"
          onClose={() => setAsks(null)}
        />
      )}
    </>
  );
}

/** Gives a person a new password, which ends their sessions. */
function ResetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const client = useQueryClient();
  const [password, setPassword] = useState<string | null>(null);
  const { mutate, isPending } = useMutation({
    mutationFn: async (made: string) => {
      await call('PATCH /admin/users/:id', {
        params: { id: user.id },
        body: { password: made },
        ifMatch: user.revision,
      });
      setPassword(made);
    },
    onError: toastFailed,
    onSettled: () => client.invalidateQueries({ queryKey: userQueries.all }),
  });
  if (password !== null) return <ShowPassword name={user.name} password={password} onDone={onClose} />;
  return (
    <Question
      title={`Reset the password of ${user.name}?`}
      verb="Reset"
      isOpen
      isPending={isPending}
      onClose={onClose}
      onConfirm={() => mutate(newPassword())}
    >
      <p>They get a new password, which you see once. Their sessions end; their tokens do not.</p>
    </Question>
  );
}
