import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type CallInput } from '../../api/call';
import { ChecksField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { SelectField } from '../../kit/select-field';
import { ShownOnce } from '../../kit/shown-once';
import { tokenQueries } from './token.queries';

type Scope = CallInput<'POST /admin/personal-tokens'>['body']['scopes'][number];
const SCOPES: readonly { value: Scope; label: string; hint: string }[] = [
  { value: 'read', label: 'read', hint: 'Definitions: endpoints, handlers, keys without values, names of secrets' },
  { value: 'deploy', label: 'deploy', hint: 'These, and pushes of projects, handlers and endpoints' },
  { value: 'runs', label: 'runs', hint: 'Records of calls' },
  { value: 'admin-tools', label: 'admin-tools', hint: 'For agents: reads definitions and runs, tests endpoints' },
];
const DAYS = [
  { value: '7', label: 'In 7 days' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '366', label: 'In a year' },
] as const;

/** Makes a token of the user, and shows its value once. */
export function CreateOwnToken({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ name: '', scopes: ['read'] as Scope[], days: '90' as (typeof DAYS)[number]['value'] });
  const { values, set, errorAt } = form;
  const [value, setValue] = useState<string | null>(null);
  const create = (): Promise<boolean> =>
    form.send(async ({ days, ...body }) => {
      const made = await call('POST /admin/personal-tokens', { body: { ...body, days: Number(days) } });
      setValue(made.token);
      await client.invalidateQueries({ queryKey: tokenQueries.all });
    });
  if (value !== null) return <ShownOnce title={`Token “${values.name}”`} value={value} onDone={onClose} />;
  return (
    <FormDialog
      title="New token of yours"
      verb="Create"
      form={form}
      isReady={values.name !== '' && values.scopes.length > 0}
      onSend={() => void create()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="Which program has it"
        autoFocus
        value={values.name}
        onChange={(name) => set('name', name)}
        error={errorAt('/name')}
      />
      <ChecksField
        label="It may"
        hint="Never more than your roles permit at that time"
        options={SCOPES}
        value={values.scopes}
        onChange={(scopes) => set('scopes', scopes)}
        error={errorAt('/scopes')}
      />
      <SelectField
        label="Expires"
        options={DAYS}
        value={values.days}
        onChange={(days) => set('days', days)}
        error={errorAt('/days')}
      />
    </FormDialog>
  );
}
