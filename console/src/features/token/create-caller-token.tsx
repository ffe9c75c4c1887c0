import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { CreateOnce, ExpiryField } from '../../kit/create-once';
import { expiryOf, type Expiry } from '../../kit/expiry.rules';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { ChooseRoles } from '../role/choose-roles';
import { tokenQueries } from './token.queries';

/** Makes a token for a caller of endpoints, and shows its value once. */
export function CreateCallerToken({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm({ name: '', roles: [] as string[], expiresAt: '90' as Expiry });
  return (
    <CreateOnce
      title="New token of a caller"
      form={form}
      isReady={form.values.name !== ''}
      create={async ({ expiresAt, ...body }) => {
        const made = await call('POST /admin/tokens', {
          body: { ...body, expiresAt: expiryOf(expiresAt, Date.now()) },
        });
        await client.invalidateQueries({ queryKey: tokenQueries.all });
        return made.token;
      }}
      madeTitle={`Token “${form.values.name}”`}
      onClose={onClose}
    >
      <TextField label="Name" hint="Whose token it is" autoFocus {...form.field('name')} />
      <ChooseRoles label="Roles" hint="What endpoints check" placeholder="none" {...form.field('roles')} />
      <ExpiryField {...form.field('expiresAt')} />
    </CreateOnce>
  );
}
