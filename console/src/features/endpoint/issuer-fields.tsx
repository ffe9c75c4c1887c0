import { Trash2 } from 'lucide-react';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { FieldGroup } from '../../kit/field-group';
import { Menu } from '../../kit/menu';
import { SelectSeveralField } from '../../kit/select-field';
import { ISSUER_STARTS, newIssuer, unfilledIssue, type IssuerValues } from './issuer.rules';

const ALGORITHMS = (['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA'] as const).map(
  (value) => ({ value, label: value }),
);

interface IssuersFieldProps {
  value: readonly IssuerValues[];
  onChange: (issuers: IssuerValues[]) => void;
  /** Issue at a pointer below the list, such as `/0/name`. */
  errorAt: (pointer: string) => string | undefined;
  reason: string | undefined;
}

/** Issuers whose tokens open an endpoint. */
export const IssuersField = ({ value, onChange, errorAt, reason }: IssuersFieldProps) => (
  <>
    {value.map((issuer, index) => (
      <IssuerFields
        // Issuers have no id, and their names change while they are typed.
        key={index}
        value={issuer}
        place={index + 1}
        onChange={(next) => onChange(value.map((one, i) => (i === index ? next : one)))}
        onRemove={() => onChange(value.filter((_, i) => i !== index))}
        errorAt={(pointer) => errorAt(`/${index}${pointer}`)}
        reason={reason}
      />
    ))}
    <div>
      <Menu
        label="Add an issuer"
        text="Add an issuer…"
        actions={ISSUER_STARTS.map(({ id, label, values }) => ({
          id,
          label,
          reason,
          onAction: () => onChange([...value, newIssuer(values)]),
        }))}
      />
    </div>
  </>
);

interface IssuerFieldsProps extends Pick<IssuersFieldProps, 'errorAt' | 'reason'> {
  value: IssuerValues;
  place: number;
  onChange: (issuer: IssuerValues) => void;
  onRemove: () => void;
}

function IssuerFields({ value, place, onChange, onRemove, errorAt, reason }: IssuerFieldsProps) {
  const isReadOnly = reason !== undefined;
  const text = (name: 'name' | 'issuer' | 'jwksUrl' | 'claim', label: string, hint: string, pointer = `/${name}`) => (
    <TextField
      label={label}
      hint={hint}
      isCode
      isReadOnly={isReadOnly}
      value={value[name]}
      onChange={(next) => onChange({ ...value, [name]: next })}
      error={unfilledIssue(value[name]) ?? errorAt(pointer)}
    />
  );
  const lines = (name: 'audience' | 'map', label: string, hint: string, pointer: string) => (
    <TextField
      label={label}
      hint={hint}
      rows={2}
      isCode
      isReadOnly={isReadOnly}
      value={value[name]}
      onChange={(next) => onChange({ ...value, [name]: next })}
      error={unfilledIssue(value[name]) ?? errorAt(pointer)}
    />
  );
  return (
    <FieldGroup title={value.name === '' ? `Issuer ${place}` : value.name}>
      {text('name', 'Name', 'Begins the ids of its callers: auth0:…')}
      {text('issuer', 'Issuer', 'The claim iss of its tokens, exactly')}
      {text('jwksUrl', 'URL of its keys', 'Empty: /.well-known/jwks.json below the issuer')}
      {lines('audience', 'Audiences', 'Accepted values of aud, one a line. Empty: any', '/audience')}
      <SelectSeveralField
        label="Algorithms"
        placeholder="none"
        options={ALGORITHMS}
        isDisabled={isReadOnly}
        value={value.algorithms}
        onChange={(algorithms) => onChange({ ...value, algorithms })}
        error={errorAt('/algorithms')}
      />
      {text('claim', 'Claim with roles', 'Such as roles, or app_metadata.roles. Empty: no roles', '/roles/claim')}
      {lines('map', 'Roles by value of the claim', 'One a line: Buyers = buyer', '/roles/map')}
      <div>
        <Button icon={<Trash2 />} reason={reason} onPress={onRemove}>
          Remove the issuer
        </Button>
      </div>
    </FieldGroup>
  );
}
