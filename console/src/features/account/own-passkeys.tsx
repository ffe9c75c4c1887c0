import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Answer } from '../../api/call';
import { addPasskey, hasPasskeys, passkeyMessage } from '../../api/passkey';
import { Button } from '../../kit/button';
import { Question } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { toastDone, toastFailed } from '../../kit/toast';

type Passkey = Answer<'GET /admin/passkeys'>['items'][number];

const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: ({ signal }) => call('GET /admin/passkeys', { signal }),
});

const COLUMNS: readonly Column<Passkey>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => name },
  { id: 'created', header: 'Added', shown: 'medium', cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'used',
    header: 'Last used',
    shown: 'medium',
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <Time at={lastUsedAt} />),
  },
  { id: 'remove', header: 'Remove', align: 'end', cell: (passkey) => <Remove passkey={passkey} /> },
];

/** The passkeys that sign this user in, beside the password. */
export function OwnPasskeys() {
  const query = useQuery(passkeysQuery);
  const [isAdding, setAdding] = useState(false);
  const reason = hasPasskeys() ? undefined : 'This browser has no passkeys.';
  return (
    <Section
      title="Passkeys"
      aside={
        <Button reason={reason} onPress={() => setAdding(true)}>
          Add a passkey…
        </Button>
      }
    >
      <Loaded query={query} what="your passkeys">
        {({ items }) =>
          items.length === 0 ? (
            <p>None yet. With a passkey you sign in by the lock of this device, without a password.</p>
          ) : (
            <Table label="Passkeys" rows={items} columns={COLUMNS} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
      {isAdding && <AddPasskey onClose={() => setAdding(false)} />}
    </Section>
  );
}

function AddPasskey({ onClose }: { onClose: () => void }) {
  const form = useForm({ name: '', password: '' });
  const client = useQueryClient();
  const add = async (): Promise<void> => {
    const isAdded = await form.send(async (values) => {
      try {
        await addPasskey(values);
      } catch (error) {
        throw error instanceof DOMException ? new Error(passkeyMessage(error)) : error;
      }
    });
    if (!isAdded) return;
    await client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
    toastDone('Added the passkey.');
    onClose();
  };
  return (
    <FormDialog title="Add a passkey" verb="Add" form={form} onSend={() => void add()} onClose={onClose}>
      <TextField
        label="Name"
        hint="Of the device, to tell them apart"
        isRequired
        autoFocus
        value={form.values.name}
        onChange={(name) => form.set('name', name)}
        error={form.errorAt('/name')}
      />
      <TextField
        label="Your password"
        type="password"
        autoComplete="current-password"
        isRequired
        value={form.values.password}
        onChange={(password) => form.set('password', password)}
        error={form.errorAt('/password')}
      />
    </FormDialog>
  );
}

function Remove({ passkey: { id, name } }: { passkey: Passkey }) {
  const client = useQueryClient();
  const [asks, setAsks] = useState(false);
  const { mutate, isPending } = useMutation({
    mutationFn: () => call('DELETE /admin/passkeys/:id', { params: { id } }),
    onError: toastFailed,
    onSuccess: () => toastDone(`Removed ${name}.`),
    onSettled: () => client.invalidateQueries({ queryKey: passkeysQuery.queryKey }),
  });
  return (
    <>
      <Button aria-label={`Remove the passkey ${name}`} onPress={() => setAsks(true)}>
        Remove…
      </Button>
      <Question
        title={`Remove ${name}?`}
        verb="Remove"
        isOpen={asks}
        isPending={isPending}
        onClose={() => setAsks(false)}
        onConfirm={() => mutate()}
      >
        <p>It does not sign in from then on. The device keeps it until you delete it there.</p>
      </Question>
    </>
  );
}
