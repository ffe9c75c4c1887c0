import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { FieldGroup } from '../../kit/field-group';
import type { Form } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { fromLines, toLines } from '../../kit/text-values.rules';
import { ChooseRoles } from '../role/choose-roles';
import { ChooseKeys } from './choose-keys';
import { EditEndpoint } from './edit-endpoint';
import type { Endpoint } from './endpoint.queries';
import { ExplainAccess } from './explain-access';
import { IssuersField } from './issuer-fields';
import { assertFilled, fromIssuerValues, toIssuerValues, type IssuerValues } from './issuer.rules';
import { fromSignatureValues, toSignatureValues, type SignatureValues } from './sender.rules';
import { SignatureFields } from './signature-fields';
import { accessSentence } from './who-may-call.rules';
import { withSecret } from './with-secret.rules';

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
  issuers: IssuerValues[];
  addresses: string;
  signature: SignatureValues;
}
const toValues = ({ access }: Endpoint): Values => ({
  level: access.level,
  keys: access.keys,
  match: access.roles.match,
  roles: access.roles.names,
  issuers: access.issuers.map(toIssuerValues),
  addresses: toLines(access.addresses),
  signature: toSignatureValues(access.signature),
});
const LABELS: Record<keyof Values, string> = {
  level: 'Callers',
  keys: 'Keys',
  match: 'Users need',
  roles: 'Roles',
  issuers: 'Issuers of tokens',
  addresses: 'Addresses',
  signature: 'Signature',
};

/** The part of an endpoint that the form edits. */
const toAccess = ({ level, keys, match, roles, issuers, addresses, signature }: Values) => ({
  level,
  keys,
  roles: { match, names: roles },
  issuers: issuers.map(fromIssuerValues),
  addresses: fromLines(addresses),
  signature: fromSignatureValues(signature),
});

/** Callers that an endpoint admits: their level, addresses, and signature. */
const EditWhoMayCall = ({ endpoint }: { endpoint: Endpoint }) => (
  <EditEndpoint
    endpoint={endpoint}
    title="Who may call"
    what="who may call"
    labels={LABELS}
    toValues={toValues}
    toBody={(values, base) => {
      assertFilled(values.issuers);
      const access = toAccess(values);
      return { access, ...withSecret(base, access.signature?.secret) };
    }}
  >
    {(form, reason) => <AccessFields form={form} endpoint={endpoint} reason={reason} />}
  </EditEndpoint>
);

/** Access to an endpoint, and a question about one caller. */
export default function EditAccess({ endpoint }: { endpoint: Endpoint }) {
  return (
    <>
      <EditWhoMayCall endpoint={endpoint} />
      <ExplainAccess endpoint={endpoint} />
    </>
  );
}

interface AccessFieldsProps {
  form: Form<Values>;
  endpoint: Endpoint;
  reason: string | undefined;
}

function AccessFields({ form, endpoint, reason }: AccessFieldsProps) {
  const { values, field, errorAt } = form;
  const { level } = values;
  const access = toAccess(values);
  const isDisabled = reason !== undefined;
  const takesKeys = level === 'key' || level === 'key-or-authenticated';
  const takesUsers = level === 'authenticated' || level === 'key-or-authenticated';
  const shown = { ...endpoint.access, ...access, roles: { ...access.roles, of: [] } };
  return (
    <>
      <Notice tone={level === 'public' && access.signature === null ? 'warn' : 'info'}>
        {accessSentence(shown, endpoint.rateLimit)}
      </Notice>
      <RadioField label={LABELS.level} options={LEVELS} isDisabled={isDisabled} {...field('level', '/access/level')} />
      {takesKeys && <ChooseKeys {...field('keys', '/access/keys')} />}
      {takesUsers && (
        <>
          <ChooseRoles
            label={LABELS.roles}
            placeholder="any signed-in user"
            isDisabled={isDisabled}
            {...field('roles', '/access/roles')}
          />
          <RadioField
            label={LABELS.match}
            options={MATCHES}
            isDisabled={isDisabled}
            {...field('match', '/access/roles/match')}
          />
        </>
      )}
      {(takesUsers || values.issuers.length > 0) && (
        <FieldGroup title={LABELS.issuers}>
          <p>Others who sign in your callers, such as Auth0 or Entra. Their tokens open the endpoint too.</p>
          <IssuersField
            {...field('issuers', '/access/issuers')}
            errorAt={(pointer) => errorAt(`/access/issuers${pointer}`)}
            reason={reason}
          />
        </FieldGroup>
      )}
      <TextField
        label={LABELS.addresses}
        hint="From which calls are admitted, one a line: 192.0.2.0/24. Empty: any"
        rows={2}
        isCode
        isReadOnly={isDisabled}
        {...field('addresses', '/access/addresses')}
      />
      <FieldGroup title={LABELS.signature}>
        <p>For webhooks: admits only what the sender has signed, and runs each event once.</p>
        <SignatureFields
          {...field('signature', '/access/signature')}
          errorAt={(pointer) => errorAt(`/access/signature${pointer}`)}
          isDisabled={isDisabled}
        />
      </FieldGroup>
    </>
  );
}
