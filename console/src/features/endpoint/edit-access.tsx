import { useQueryClient } from '@tanstack/react-query';
import { Form } from 'react-aria-components';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { Conflict } from '../../kit/conflict';
import type { Form as FormOf } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { useRevisedForm } from '../../kit/revised-form';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { ChooseRoles } from '../role/choose-roles';
import { endpointQueries, type Endpoint } from './endpoint.queries';
import styles from './endpoint.module.css';
import { ChooseKeys } from './choose-keys';
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
  roles: string[];
}
const toValues = ({ access }: Endpoint): Values => ({
  level: access.level,
  keys: access.keys,
  match: access.roles.match,
  roles: access.roles.names,
});
const LABELS: Record<keyof Values, string> = { level: 'Who', keys: 'Keys', match: 'Match', roles: 'Roles' };

/** Who may call an endpoint. What is saved is based on the revision that is shown. */
export function EditAccess({ endpoint }: { endpoint: Endpoint }) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const { id } = endpoint;
  const edited = useRevisedForm({
    object: endpoint,
    toValues,
    save: ({ level, keys, match, roles }, revision): Promise<Endpoint> =>
      call('PATCH /admin/endpoints/:id', {
        params: { id },
        body: { access: { level, keys, roles: { match, names: roles } } },
        ifMatch: revision,
      }),
    reread: () => client.fetchQuery({ ...endpointQueries.one(id), staleTime: 0 }),
  });
  const { form, base, theirs } = edited;
  const save = async (): Promise<void> => {
    if (!(await edited.save())) return;
    toastDone('Saved who may call.');
    await client.invalidateQueries({ queryKey: endpointQueries.all });
  };
  const reason = whyNot('endpoint.write');
  useActions(reason ? [] : [{ id: 'save', label: 'Save who may call', keys: 'Mod+S', run: () => void save() }]);
  return (
    <Section title="Who may call">
      <Form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <AccessFields form={form} endpoint={endpoint} />
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
          base={toValues(base)}
          mine={form.values}
          theirs={toValues(theirs)}
          onCancel={edited.cancel}
          onResolve={edited.resolve}
        />
      )}
    </Section>
  );
}

function AccessFields({ form, endpoint }: { form: FormOf<Values>; endpoint: Endpoint }) {
  const { values, set, errorAt } = form;
  const { level, keys } = values;
  const takesKeys = level === 'key' || level === 'key-or-authenticated';
  const takesUsers = level === 'authenticated' || level === 'key-or-authenticated';
  const shown = { ...endpoint.access, level, keys, roles: rolesOf(values) };
  return (
    <>
      <Notice tone={level === 'public' ? 'warn' : 'info'}>{accessSentence(shown, endpoint.rateLimit)}</Notice>
      <RadioField
        label="Callers"
        options={LEVELS}
        value={level}
        onChange={(next) => set('level', next)}
        error={errorAt('/access/level')}
      />
      {takesKeys && <ChooseKeys keys={keys} onChange={(next) => set('keys', next)} error={errorAt('/access/keys')} />}
      {takesUsers && (
        <>
          <ChooseRoles
            label="Roles"
            placeholder="any signed-in user"
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
    </>
  );
}

const rolesOf = ({ match, roles }: Values): Endpoint['access']['roles'] => ({
  match,
  names: roles,
  of: [],
});
