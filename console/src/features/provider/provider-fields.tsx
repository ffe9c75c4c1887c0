import type { ReactNode } from 'react';
import { CheckField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import type { Form } from '../../kit/form';
import type { ProviderValues } from './provider-form.rules';

export const LABELS: { [N in keyof ProviderValues]: string } = {
  label: 'Name on the button',
  issuer: 'Issuer',
  clientId: 'Client id',
  scopes: 'Scopes',
  everyone: 'Everyone of this issuer may sign in',
  groups: 'Groups that may sign in',
  domains: 'E-mail domains that may sign in',
  groupsClaim: 'Claim with groups',
  roles: 'Roles by group',
  sessionHours: 'Hours of a session',
  active: 'Offer it on the page to sign in',
};

/** The settings of a provider. `children`: the client secret, after the client id. */
export function ProviderFields({ form, children }: { form: Form<ProviderValues>; children: ReactNode }) {
  const { values, set, field, errorAt } = form;
  // An issue of the whole choice belongs to no field of its own.
  const groupsError = errorAt('/admit/groups') ?? (errorAt('/admit/domains') ? undefined : errorAt('/admit'));
  return (
    <>
      <TextField label={LABELS.label} hint="After Sign in with" {...field('label')} />
      <TextField
        label={LABELS.issuer}
        hint="Has /.well-known/openid-configuration below it; exactly as that document names it"
        type="url"
        isCode
        {...field('issuer')}
      />
      <TextField label={LABELS.clientId} isCode autoComplete="off" {...field('clientId')} />
      {children}
      <TextField
        label={LABELS.scopes}
        hint="Some need groups too. Separate them by spaces"
        isCode
        {...field('scopes')}
      />
      <CheckField isSelected={values.everyone} onChange={(everyone) => set('everyone', everyone)}>
        {LABELS.everyone}
      </CheckField>
      {!values.everyone && (
        <>
          <TextField
            label={LABELS.groups}
            hint="One a line. A group or a domain is enough"
            rows={2}
            {...field('groups', '/admit')}
            error={groupsError}
          />
          <TextField
            label={LABELS.domains}
            hint="One a line, such as acme.example: of verified addresses"
            rows={2}
            isCode
            {...field('domains', '/admit/domains')}
          />
        </>
      )}
      <TextField
        label={LABELS.groupsClaim}
        hint="A name, or a path such as realm_access.roles"
        isCode
        {...field('groupsClaim')}
      />
      <TextField label={LABELS.roles} hint="One a line: Platform = admin" rows={2} isCode {...field('roles')} />
      <TextField label={LABELS.sessionHours} hint="1 to 168" type="number" {...field('sessionHours')} />
      <CheckField isSelected={values.active} onChange={(active) => set('active', active)}>
        {LABELS.active}
      </CheckField>
    </>
  );
}
