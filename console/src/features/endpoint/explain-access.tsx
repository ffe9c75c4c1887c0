import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { call, type Answer, type CallInput } from '../../api/call';
import { Badge, type BadgeTone } from '../../kit/badge';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import type { Endpoint } from './endpoint.queries';
import styles from './endpoint.module.css';

type Explained = Answer<'POST /admin/endpoints/:id/explain'>;
type As = CallInput<'POST /admin/endpoints/:id/explain'>['body']['as'];
type Kind = 'anonymous' | 'key' | 'user';

const KINDS: readonly { value: Kind; label: string }[] = [
  { value: 'anonymous', label: 'Without a credential' },
  { value: 'key', label: 'With a key' },
  { value: 'user', label: 'A user' },
];

/** Asks the service whether a caller would be admitted as things are saved. Nothing runs. */
export function ExplainAccess({ endpoint }: { endpoint: Endpoint }) {
  const [kind, setKind] = useState<Kind>('anonymous');
  const [name, setName] = useState('');
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (as: As) => call('POST /admin/endpoints/:id/explain', { params: { id: endpoint.id }, body: { as } }),
  });
  return (
    <Section title="Would this caller be admitted?">
      <Form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          mutate(kind === 'anonymous' ? { anonymous: true } : kind === 'key' ? { key: name } : { user: name });
        }}
      >
        <RadioField label="Caller" options={KINDS} value={kind} onChange={setKind} />
        {kind !== 'anonymous' && (
          <TextField
            label={kind === 'key' ? 'Id of the key' : 'Name or id of the user'}
            value={name}
            onChange={setName}
            isCode
          />
        )}
        <p>
          <Button type="submit" isPending={isPending} isDisabled={kind !== 'anonymous' && name === ''}>
            Check
          </Button>
        </p>
      </Form>
      {error && <Notice tone="bad">{error.message}</Notice>}
      <div role="status">{data && !error && <Explanation explained={data} />}</div>
    </Section>
  );
}

const TONES: Record<Explained['steps'][number]['result'], BadgeTone> = {
  passed: 'good',
  refused: 'bad',
  unknown: 'neutral',
};
const CHECKS: Record<string, string> = {
  active: 'The endpoint is on',
  access: 'The caller may call',
  ready: 'The endpoint can run',
  rate: 'The rate of its calls',
};

const Explanation = ({ explained: { admitted, steps } }: { explained: Explained }) => (
  <div className={styles.form}>
    <Notice tone={admitted ? 'good' : 'bad'}>{admitted ? 'Admitted.' : 'Refused.'}</Notice>
    <ul className={styles.list}>
      {steps.map(({ check, result, code, message }) => (
        <li key={check}>
          {CHECKS[check] ?? check}{' '}
          <Badge tone={TONES[result]}>{result === 'unknown' ? 'depends on the call' : result}</Badge>
          {message && (
            <>
              {' '}
              {message} <code>{code}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  </div>
);
