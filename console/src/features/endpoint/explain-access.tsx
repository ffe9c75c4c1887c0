import { useState } from 'react';
import { Form } from 'react-aria-components';
import { call, type Answer, type CallInput } from '../../api/call';
import { StateBadge, type StateWord } from '../../kit/badge';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { SelectField } from '../../kit/select-field';
import type { Endpoint } from './endpoint.queries';
import styles from './endpoint.module.css';
import { METHOD_OPTIONS } from './method-options.rules';

type Explained = Answer<'POST /admin/endpoints/:id/explain'>;
type Asked = CallInput<'POST /admin/endpoints/:id/explain'>['body'];
type Kind = 'anonymous' | 'key' | 'user' | 'token';
type Method = NonNullable<Asked['method']>;

const KINDS: readonly { value: Kind; label: string }[] = [
  { value: 'anonymous', label: 'Without a credential' },
  { value: 'key', label: 'With a key' },
  { value: 'user', label: 'A user' },
  { value: 'token', label: 'With a token, of this service or of an issuer' },
];
const NAMES = { key: 'Id of the key', user: 'Name or id of the user', token: 'Token' };
const ANY_METHOD = { value: 'any' as const, label: 'Any' };

/** Asks the service whether a caller would be admitted as things are saved. Nothing runs, and a token is kept in this form alone. */
export function ExplainAccess({ endpoint }: { endpoint: Endpoint }) {
  const form = useForm({ kind: 'anonymous' as Kind, name: '', method: 'any' as Method | 'any', address: '' });
  const { values, field } = form;
  const [explained, setExplained] = useState<Explained | null>(null);
  const ask = (): Promise<boolean> => {
    setExplained(null);
    return form.send(async ({ kind, name, method, address }) => {
      const as = kind === 'anonymous' ? { anonymous: true as const } : ({ [kind]: name.trim() } as Asked['as']);
      const body = { as, ...(method !== 'any' && { method }), ...(address !== '' && { address }) };
      setExplained(await call('POST /admin/endpoints/:id/explain', { params: { id: endpoint.id }, body }));
    });
  };
  const { kind } = values;
  return (
    <Section title="Would this caller be admitted?">
      <Form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <RadioField label="Caller" options={KINDS} {...field('kind')} />
        {kind !== 'anonymous' && (
          <TextField
            label={NAMES[kind]}
            isCode
            autoComplete="off"
            {...(kind === 'token' && { rows: 3, hint: 'It is checked, and stored nowhere' })}
            {...field('name', `/as/${kind}`)}
          />
        )}
        <SelectField label="Method" options={[ANY_METHOD, ...METHOD_OPTIONS]} {...field('method')} />
        <TextField label="From the address" hint="Such as 192.0.2.7. Empty: any" isCode {...field('address')} />
        {form.problem && <Notice tone="bad">{form.problem.message}</Notice>}
        <p>
          <Button
            type="submit"
            isPending={form.isPending}
            isDisabled={kind !== 'anonymous' && values.name.trim() === ''}
          >
            Check
          </Button>
        </p>
      </Form>
      <div role="status">{explained && <Explanation explained={explained} />}</div>
    </Section>
  );
}

const RESULTS: Record<Explained['steps'][number]['result'], StateWord> = {
  passed: { word: 'passed', tone: 'good' },
  refused: { word: 'refused', tone: 'bad' },
  unknown: { word: 'depends on the call', tone: 'neutral' },
};
const CHECKS: Record<string, string> = {
  active: 'The endpoint is on',
  address: 'Where the call comes from',
  access: 'The caller may call',
  signature: 'The signature of the sender',
  method: 'The method',
  ready: 'The endpoint can run',
  rate: 'The rate of its calls',
  quota: 'The quota of the key',
};

const Explanation = ({ explained: { admitted, caller, steps } }: { explained: Explained }) => (
  <div className={styles.form}>
    <Notice tone={admitted ? 'good' : 'bad'}>
      {admitted ? 'Admitted.' : 'Refused.'}
      {caller.kind !== 'anonymous' && ` ${callerText(caller)}`}
    </Notice>
    <ul className={styles.list}>
      {steps.map(({ check, result, code, message }) => (
        <li key={check}>
          {CHECKS[check] ?? check} <StateBadge state={RESULTS[result]} /> {message} {code && <code>{code}</code>}
        </li>
      ))}
    </ul>
  </div>
);

const callerText = ({ kind, id, roles }: Explained['caller']): string =>
  `The handler gets the caller ${id} of the kind ${kind}, with ${roles.length === 0 ? 'no roles' : `the roles ${roles.join(', ')}`}.`;
