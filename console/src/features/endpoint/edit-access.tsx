import { useQueryClient } from '@tanstack/react-query';
import { Form } from 'react-aria-components';
import { useState } from 'react';
import { call } from '../../api/call';
import { Problem } from '../../api/problem';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { Conflict } from '../../kit/conflict';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { endpointQueries, type Endpoint } from './endpoint.queries';
import styles from './endpoint.module.css';
import { ChooseKeys } from './new-endpoint';
import { accessSentence } from './who-may-call.rules';

type Level = Endpoint['access']['level'];
const LEVELS: readonly { value: Level; label: string }[] = [
  { value: 'key', label: 'Keys' },
  { value: 'authenticated', label: 'Signed-in users and tokens' },
  { value: 'key-or-authenticated', label: 'Keys, signed-in users and tokens' },
  { value: 'public', label: 'Anybody' },
];
const MATCHES = [
  { value: 'any', label: 'One of the roles' },
  { value: 'all', label: 'All of the roles' },
] as const;

interface Values {
  level: Level;
  keys: string[];
  match: 'any' | 'all';
  roles: string;
}
const valuesOf = ({ access }: Endpoint): Values => ({
  level: access.level,
  keys: access.keys,
  match: access.roles.match,
  roles: access.roles.names.join(', '),
});
const namesOf = (roles: string): string[] => roles.split(/[\s,]+/).filter((name) => name !== '');
const LABELS: Record<keyof Values, string> = { level: 'Who', keys: 'Keys', match: 'Match', roles: 'Roles' };

/** Who may call an endpoint. What is saved is based on the revision that is shown. */
export function EditAccess({ endpoint }: { endpoint: Endpoint }) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const [base, setBase] = useState(endpoint);
  const [theirs, setTheirs] = useState<Endpoint | null>(null);
  const form = useForm(valuesOf(endpoint));
  const { values, set, errorAt } = form;
  const takesKeys = values.level === 'key' || values.level === 'key-or-authenticated';
  const takesUsers = values.level === 'authenticated' || values.level === 'key-or-authenticated';

  const save = async (revision: number): Promise<void> => {
    const isSaved = await form.send(async ({ level, keys, match, roles }) => {
      const access = { level, keys, roles: { match, names: namesOf(roles) } };
      try {
        const saved = await call('PATCH /admin/endpoints/:id', {
          params: { id: endpoint.id },
          body: { access },
          ifMatch: revision,
        });
        setBase(saved);
      } catch (error) {
        if (error instanceof Problem && error.code === 'stale_revision')
          setTheirs(await client.fetchQuery({ ...endpointQueries.one(endpoint.id), staleTime: 0 }));
        throw error;
      }
    });
    if (!isSaved) return;
    setTheirs(null);
    toastDone('Saved who may call.');
    await client.invalidateQueries({ queryKey: endpointQueries.all });
  };
  const reason = whyNot('endpoint.write');
  useActions(
    reason === undefined
      ? [{ id: 'save', label: 'Save who may call', keys: 'Mod+S', run: () => void save(base.revision) }]
      : [],
  );
  const shown = { ...endpoint.access, level: values.level, keys: values.keys, roles: rolesOf(values) };
  return (
    <Section title="Who may call">
      <Form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save(base.revision);
        }}
      >
        <Notice tone={values.level === 'public' ? 'warn' : 'info'}>{accessSentence(shown, endpoint.rateLimit)}</Notice>
        <RadioField
          label="Callers"
          options={LEVELS}
          value={values.level}
          onChange={(level) => set('level', level)}
          error={errorAt('/access/level')}
        />
        {takesKeys && (
          <ChooseKeys keys={values.keys} onChange={(keys) => set('keys', keys)} error={errorAt('/access/keys')} />
        )}
        {takesUsers && (
          <>
            <TextField
              label="Roles"
              hint="Names, separated by commas. Empty: any signed-in user"
              value={values.roles}
              onChange={(roles) => set('roles', roles)}
              error={errorAt('/access/roles')}
            />
            <RadioField
              label="Users need"
              options={MATCHES}
              value={values.match}
              onChange={(match) => set('match', match)}
            />
          </>
        )}
        {form.problem && theirs === null && <Notice tone="bad">{form.problem.message}</Notice>}
        <p className={styles.bar}>
          <Button type="submit" tone="primary" reason={reason} isPending={form.isPending}>
            Save
          </Button>
          <span role="status">{form.isChanged ? 'Not saved' : ''}</span>
        </p>
      </Form>
      {theirs && (
        <Conflict
          what={`/u/${endpoint.path}`}
          labels={LABELS}
          base={valuesOf(base)}
          mine={values}
          theirs={valuesOf(theirs)}
          isPending={form.isPending}
          onCancel={() => setTheirs(null)}
          onResolve={(resolved) => {
            for (const name of Object.keys(LABELS) as (keyof Values)[]) set(name, resolved[name]);
            setBase(theirs);
            setTheirs(null);
          }}
        />
      )}
    </Section>
  );
}

const rolesOf = ({ match, roles }: Values): Endpoint['access']['roles'] => ({
  match,
  names: namesOf(roles),
  of: [],
});
