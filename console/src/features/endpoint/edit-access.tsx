import { RadioField } from '../../kit/choice-field';
import type { Form } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { ChooseRoles } from '../role/choose-roles';
import { ChooseKeys } from './choose-keys';
import { EditEndpoint } from './edit-endpoint';
import type { Endpoint } from './endpoint.queries';
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

/** Who may call an endpoint. */
export const EditAccess = ({ endpoint }: { endpoint: Endpoint }) => (
  <EditEndpoint
    endpoint={endpoint}
    title="Who may call"
    what="who may call"
    labels={LABELS}
    toValues={toValues}
    toBody={({ level, keys, match, roles }) => ({ access: { level, keys, roles: { match, names: roles } } })}
  >
    {(form) => <AccessFields form={form} endpoint={endpoint} />}
  </EditEndpoint>
);

function AccessFields({ form, endpoint }: { form: Form<Values>; endpoint: Endpoint }) {
  const { values, field } = form;
  const { level, keys } = values;
  const takesKeys = level === 'key' || level === 'key-or-authenticated';
  const takesUsers = level === 'authenticated' || level === 'key-or-authenticated';
  const shown = { ...endpoint.access, level, keys, roles: { match: values.match, names: values.roles, of: [] } };
  return (
    <>
      <Notice tone={level === 'public' ? 'warn' : 'info'}>{accessSentence(shown, endpoint.rateLimit)}</Notice>
      <RadioField label="Callers" options={LEVELS} {...field('level', '/access/level')} />
      {takesKeys && <ChooseKeys {...field('keys', '/access/keys')} />}
      {takesUsers && (
        <>
          <ChooseRoles label="Roles" placeholder="any signed-in user" {...field('roles', '/access/roles')} />
          <RadioField label="Users need" options={MATCHES} {...field('match', '/access/roles/match')} />
        </>
      )}
    </>
  );
}
