import { TextField } from '../../kit/field';
import type { Form } from '../../kit/form';
import { SelectSeveralField } from '../../kit/select-field';
import { METHOD_OPTIONS } from '../endpoint/method-options.rules';
import { ChooseRoles } from '../role/choose-roles';
import type { KeyLimits } from './key-limits.rules';

export const KEY_LIMIT_LABELS: Record<keyof KeyLimits, string> = {
  endpoints: 'Endpoints',
  folders: 'Folders',
  methods: 'Methods',
  roles: 'Roles',
  addresses: 'Addresses',
  perDay: 'Calls a day',
  perMonth: 'Calls a month',
};

/** Limits of the calls of a key. An empty field sets no limit. */
export function KeyLimitFields({
  field,
  isReadOnly = false,
}: Pick<Form<KeyLimits>, 'field'> & { isReadOnly?: boolean }) {
  const lines = (name: 'endpoints' | 'folders' | 'addresses', pointer: string, hint: string) => (
    <TextField
      label={KEY_LIMIT_LABELS[name]}
      hint={hint}
      rows={2}
      isCode
      isReadOnly={isReadOnly}
      {...field(name, pointer)}
    />
  );
  const calls = (name: 'perDay' | 'perMonth', hint: string) => (
    <TextField
      label={KEY_LIMIT_LABELS[name]}
      hint={hint}
      type="number"
      isReadOnly={isReadOnly}
      {...field(name, `/quota/${name}`)}
    />
  );
  return (
    <>
      {lines('endpoints', '/scopes/endpoints', 'Paths, one a line: orders/:id, or orders/* with all below. Empty: all')}
      {lines('folders', '/scopes/folders', 'One a line: shop, or shop/* with those below. Empty: all')}
      <SelectSeveralField
        label={KEY_LIMIT_LABELS.methods}
        placeholder="all"
        options={METHOD_OPTIONS}
        isDisabled={isReadOnly}
        {...field('methods', '/scopes/methods')}
      />
      <ChooseRoles
        label={KEY_LIMIT_LABELS.roles}
        hint="With roles it must have those that an endpoint asks for, as users must"
        placeholder="none"
        isDisabled={isReadOnly}
        {...field('roles')}
      />
      {lines('addresses', '/addresses', 'From which it may be used, one a line: 192.0.2.0/24. Empty: any')}
      {calls('perDay', 'At all endpoints together, in a day of UTC. Empty: no quota')}
      {calls('perMonth', 'In a month of UTC. Empty: no quota')}
    </>
  );
}
