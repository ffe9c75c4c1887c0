import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { CreateOnce, ExpiryField } from '../../kit/create-once';
import { expiryOf, type Expiry } from '../../kit/expiry.rules';
import { TextField } from '../../kit/field';
import { Fold } from '../../kit/fold';
import { useForm } from '../../kit/form';
import { KeyLimitFields } from './key-limit-fields';
import { fromKeyLimits, NO_LIMITS } from './key-limits.rules';
import { keyQueries } from './key.queries';

interface CreateKeyProps {
  onClose: () => void;
  /** Called with the id of the key as soon as it exists. */
  onMade?: (id: string) => void;
}

/** Makes a key, and shows its value once. */
export default function CreateKey({ onClose, onMade }: CreateKeyProps) {
  const client = useQueryClient();
  const form = useForm({ alias: '', key: '', expiresAt: 'never' as Expiry, ...NO_LIMITS });
  return (
    <CreateOnce
      title="New key"
      form={form}
      isReady={form.values.alias !== ''}
      create={async ({ alias, key, expiresAt, ...limits }) => {
        const made = await call('POST /admin/keys', {
          body: {
            alias,
            ...(key !== '' && { key }),
            expiresAt: expiryOf(expiresAt, Date.now()),
            ...fromKeyLimits(limits),
          },
        });
        await client.invalidateQueries({ queryKey: keyQueries.all });
        onMade?.(made.id);
        return made.key;
      }}
      madeTitle={`Key “${form.values.alias}”`}
      onClose={onClose}
    >
      <TextField label="Alias" hint="Whose key it is, or what it is for" autoFocus {...form.field('alias')} />
      <TextField
        label="Value"
        hint="Empty: a generated one. Your own has 32 characters or more"
        type="password"
        autoComplete="off"
        {...form.field('key')}
      />
      <ExpiryField {...form.field('expiresAt')} />
      <Fold
        summary="Limit what it may call"
        isForced={['/scopes', '/addresses', '/quota'].some((place) => form.errorAt(place))}
      >
        <KeyLimitFields field={form.field} />
      </Fold>
    </CreateOnce>
  );
}
