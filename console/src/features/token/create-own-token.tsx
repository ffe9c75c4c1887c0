import { useQueryClient } from '@tanstack/react-query';
import { call, type CallInput } from '../../api/call';
import { ChecksField } from '../../kit/choice-field';
import { CreateOnce } from '../../kit/create-once';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { SelectField } from '../../kit/select-field';
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
  return (
    <CreateOnce
      title="New token of yours"
      form={form}
      isReady={form.values.name !== '' && form.values.scopes.length > 0}
      create={async ({ days, ...body }) => {
        const made = await call('POST /admin/personal-tokens', { body: { ...body, days: Number(days) } });
        await client.invalidateQueries({ queryKey: tokenQueries.all });
        return made.token;
      }}
      madeTitle={`Token “${form.values.name}”`}
      onClose={onClose}
    >
      <TextField label="Name" hint="Which program has it" autoFocus {...form.field('name')} />
      <ChecksField
        label="It may"
        hint="Never more than your roles permit at that time"
        options={SCOPES}
        {...form.field('scopes')}
      />
      <SelectField label="Expires" options={DAYS} {...form.field('days')} />
    </CreateOnce>
  );
}
