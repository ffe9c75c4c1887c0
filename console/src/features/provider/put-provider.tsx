import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call';
import { CheckField } from '../../kit/choice-field';
import { EditDialog } from '../../kit/edit-dialog';
import { TextField } from '../../kit/field';
import { toastDone } from '../../kit/toast';
import { NEW_PROVIDER, toBody, toValues } from './provider-form.rules';
import { LABELS, ProviderFields } from './provider-fields';
import { providerQueries, type Provider } from './provider.queries';

interface PutProviderProps {
  /** The provider to change; a new one without it. */
  provider?: Provider;
  onClose: () => void;
}

/** Adds an identity provider, or changes one. The client secret lives in this dialog alone. */
export function PutProvider({ provider, onClose }: PutProviderProps) {
  const client = useQueryClient();
  const [name, setName] = useState(provider?.name ?? '');
  const [clientSecret, setClientSecret] = useState<string | null>('');
  return (
    <EditDialog
      title={provider ? `Change ${provider.label}` : 'New provider'}
      verb={provider ? 'Save' : 'Add'}
      what={`The provider ${name}`}
      labels={LABELS}
      object={provider ?? NEW_PROVIDER}
      toValues={toValues}
      save={(values, { revision }) =>
        call('PUT /admin/providers/:name', { params: { name }, body: toBody(values, clientSecret), ifMatch: revision })
      }
      reread={() => client.fetchQuery({ ...providerQueries.one(name), staleTime: 0 })}
      isReady={({ label }) => name !== '' && label !== ''}
      onSaved={({ label }) => {
        toastDone(`Saved ${label}.`);
        return client.invalidateQueries({ queryKey: providerQueries.all });
      }}
      onClose={onClose}
    >
      {(form) => (
        <>
          {!provider && (
            <TextField
              label="Id"
              hint="Lower case, such as acme. It cannot be changed"
              isCode
              autoFocus
              autoComplete="off"
              value={name}
              onChange={setName}
              error={form.errorAt('/path/name') ?? form.errorAt('/name')}
            />
          )}
          <ProviderFields form={form}>
            <TextField
              label="Client secret"
              hint={
                provider?.hasClientSecret
                  ? 'Empty: the stored one stays. It is never shown'
                  : 'It is stored encrypted and never shown. Empty: a public client'
              }
              type="password"
              autoComplete="off"
              isReadOnly={clientSecret === null}
              value={clientSecret ?? ''}
              onChange={setClientSecret}
              error={form.errorAt('/clientSecret')}
            />
            {provider?.hasClientSecret && (
              <CheckField
                isSelected={clientSecret === null}
                onChange={(isRemoved) => setClientSecret(isRemoved ? null : '')}
              >
                Remove the stored secret: a public client
              </CheckField>
            )}
          </ProviderFields>
        </>
      )}
    </EditDialog>
  );
}
