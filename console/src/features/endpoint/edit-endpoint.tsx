import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call, type Answer, type CallInput } from '../../api/call';
import { EditSection } from '../../kit/edit-section';
import type { Form } from '../../kit/form';
import { endpointQueries, type Endpoint } from './endpoint.queries';

type Body = CallInput<'PATCH /admin/endpoints/:id'>['body'];

interface EditEndpointProps<T extends object> {
  endpoint: Endpoint;
  title: string | ((values: T) => string);
  /** The saved part, as a sentence names it: `the settings`. */
  what: string;
  labels: { [N in keyof T]: string };
  toValues: (endpoint: Endpoint) => T;
  /** The part of an endpoint that the values stand for. `base` is the endpoint that they are based on. */
  toBody: (values: T, base: Endpoint) => Body;
  onSaved?: (saved: Answer<'PATCH /admin/endpoints/:id'>) => unknown;
  actions?: (form: Form<T>, reason: string | undefined) => ReactNode;
  children: (form: Form<T>, reason: string | undefined) => ReactNode;
  width?: 'wide';
}

/** A part of an endpoint's screen that edits some of its fields. */
export function EditEndpoint<T extends object>({ endpoint, toBody, onSaved, ...section }: EditEndpointProps<T>) {
  const client = useQueryClient();
  const { id } = endpoint;
  return (
    <EditSection
      {...section}
      permission="endpoint.write"
      object={endpoint}
      nameOf={({ path }) => `/u/${path}`}
      save={async (values, base): Promise<Endpoint> => {
        const saved = await call('PATCH /admin/endpoints/:id', {
          params: { id },
          body: toBody(values, base),
          ifMatch: base.revision,
        });
        await onSaved?.(saved);
        return saved;
      }}
      reread={() => client.fetchQuery({ ...endpointQueries.one(id), staleTime: 0 })}
      onSaved={() => client.invalidateQueries({ queryKey: endpointQueries.all })}
    />
  );
}
