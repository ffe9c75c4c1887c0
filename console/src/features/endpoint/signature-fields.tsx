import { Notice } from '../../kit/notice';
import { TextField } from '../../kit/field';
import { SelectField } from '../../kit/select-field';
import { ChooseSecret } from '../secret/choose-secrets';
import { SENDERS, senderOf, type SignatureValues } from './sender.rules';

const KINDS = [{ value: 'none' as const, label: 'No signature is needed', hint: '' }, ...SENDERS];
const ALGORITHMS = (['sha256', 'sha1', 'sha512'] as const).map((value) => ({ value, label: value }));
const ENCODINGS = (['hex', 'base64'] as const).map((value) => ({ value, label: value }));

interface SignatureFieldsProps {
  value: SignatureValues;
  onChange: (signature: SignatureValues) => void;
  /** Issue at a pointer of the signature, such as `/secret`. */
  errorAt: (pointer: string) => string | undefined;
  isDisabled: boolean;
}

/** Signature that calls need: that of the sender of a webhook. */
export function SignatureFields({ value, onChange, errorAt, isDisabled }: SignatureFieldsProps) {
  const set = <N extends keyof SignatureValues>(name: N, next: SignatureValues[N]): void =>
    onChange({ ...value, [name]: next });
  const { kind } = value;
  const sender = kind === 'none' ? null : senderOf(kind);
  return (
    <>
      <SelectField
        label="Signed by"
        options={KINDS}
        isDisabled={isDisabled}
        value={kind}
        onChange={(next) => set('kind', next)}
        error={kind === 'none' ? errorAt('') : errorAt('/kind')}
      />
      {sender && (
        <>
          <Notice tone="info">{sender.hint}. Store it under Secrets, and choose it here.</Notice>
          <ChooseSecret
            label="Signing secret"
            hint="It is added to the secrets of the endpoint"
            isDisabled={isDisabled}
            value={value.secret}
            onChange={(secret) => set('secret', secret)}
            error={errorAt('/secret')}
          />
          {sender.isTimed && (
            <TextField
              label="Oldest call (s)"
              hint="Where its time is signed, an older call is refused"
              type="number"
              isReadOnly={isDisabled}
              value={value.toleranceSeconds}
              onChange={(seconds) => set('toleranceSeconds', seconds)}
              error={errorAt('/toleranceSeconds')}
            />
          )}
        </>
      )}
      {kind === 'hmac' && <HmacFields value={value} set={set} errorAt={errorAt} isDisabled={isDisabled} />}
    </>
  );
}

interface HmacFieldsProps extends Omit<SignatureFieldsProps, 'onChange'> {
  set: <N extends keyof SignatureValues>(name: N, next: SignatureValues[N]) => void;
}

function HmacFields({ value, set, errorAt, isDisabled }: HmacFieldsProps) {
  const text = (
    name: 'header' | 'prefix' | 'payload' | 'timestampHeader' | 'idHeader',
    label: string,
    hint: string,
  ) => (
    <TextField
      label={label}
      hint={hint}
      isCode
      isReadOnly={isDisabled}
      value={value[name]}
      onChange={(next) => set(name, next)}
      error={errorAt(`/${name}`)}
    />
  );
  return (
    <>
      {text('header', 'Header with the signature', 'In lower case, such as x-signature')}
      <SelectField
        label="Algorithm"
        options={ALGORITHMS}
        isDisabled={isDisabled}
        value={value.algorithm}
        onChange={(algorithm) => set('algorithm', algorithm)}
      />
      <SelectField
        label="Encoding"
        options={ENCODINGS}
        isDisabled={isDisabled}
        value={value.encoding}
        onChange={(encoding) => set('encoding', encoding)}
      />
      {text('prefix', 'Before the signature', 'Such as sha256=')}
      {text('payload', 'Signed text', '{body}, {timestamp}, {id} and {url} stand for their values')}
      {text('timestampHeader', 'Header with the time', 'In Unix seconds, for {timestamp}. Empty: none')}
      {text('idHeader', 'Header with the id of the event', 'A repeat gets the first response. Empty: none')}
    </>
  );
}
