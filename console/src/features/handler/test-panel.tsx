import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { memo, useState } from 'react';
import { Problem } from '../../api/problem';
import { useRights } from '../../api/session';
import { offsetOf } from '../../editor/finding.rules';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { messagesAt } from '../../kit/issues.rules';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { SelectField } from '../../kit/select-field';
import { Loaded } from '../../kit/state';
import { useActions } from '../../shell/actions';
import { endpointQueries, type Endpoint } from '../endpoint/endpoint.queries';
import type { HandlerTypes } from './handler.queries';
import styles from './handler.module.css';
import { TestOutcome } from './test-outcome';
import { TestRunning } from './test-running';
import { toField, toValues } from './test-values.rules';
import { useTestRun } from './use-test-run';

interface TestPanelProps {
  endpoints: HandlerTypes['endpoints'];
  handlerPath: string;
  chosenId: string | null;
  /** True where the draft differs from the newest version. */
  isDraft: boolean;
  readText: () => string;
  version: number;
  onGo: (to: { at: number }) => void;
}

/** Runs what is on the screen, with values for the parameters of an endpoint. Not drawn again with each key in the source. */
export const TestPanel = memo(function TestPanel(props: TestPanelProps) {
  const { endpoints, handlerPath, chosenId } = props;
  if (chosenId === null) return <NoEndpoint handlerPath={handlerPath} />;
  return (
    <Section title="Test">
      <ChooseEndpoint endpoints={endpoints} chosenId={chosenId} />
      <LoadedTest key={chosenId} {...props} chosenId={chosenId} />
    </Section>
  );
});

/** Which endpoint of the handler a test, and the types of the editor, are for. In the address. */
export function ChooseEndpoint({ endpoints, chosenId }: { endpoints: HandlerTypes['endpoints']; chosenId: string }) {
  const navigate = useNavigate();
  return (
    <SelectField
      label="Endpoint"
      value={chosenId}
      options={endpoints.map(({ id, path }) => ({ value: id, label: `/u/${path}` }))}
      onChange={(endpoint) => void navigate({ to: '.', search: (now) => ({ ...now, endpoint }), replace: true })}
    />
  );
}

export function NoEndpoint({ handlerPath }: { handlerPath: string }) {
  const { whyNot } = useRights();
  const navigate = useNavigate();
  return (
    <Section title="Test">
      <p>No endpoint serves this handler yet: publish it at a URL to test and to call it.</p>
      <p>
        <Button
          reason={whyNot('endpoint.write')}
          onPress={() => void navigate({ to: '/endpoints/new', search: { handler: handlerPath } })}
        >
          Get API endpoint…
        </Button>
      </p>
    </Section>
  );
}

function LoadedTest(props: TestPanelProps & { chosenId: string }) {
  const query = useQuery(endpointQueries.one(props.chosenId));
  return (
    <Loaded query={query} what="the endpoint">
      {(endpoint) => <TestForm {...props} endpoint={endpoint} />}
    </Loaded>
  );
}

function TestForm(props: TestPanelProps & { endpoint: Endpoint }) {
  const { endpoint, isDraft, readText, version, handlerPath, onGo } = props;
  const { may, whyNot } = useRights();
  const [fields, setFields] = useState<Record<string, string>>({});
  const [body, setBody] = useState('');
  const test = useTestRun(endpoint.id);
  const { parameters } = endpoint;
  const run = (): void =>
    test.mutate({
      parameters: toValues(parameters, fields),
      skipAccess: true,
      ...(body !== '' && { request: { body, headers: { 'content-type': 'application/json' } } }),
      ...(isDraft ? { source: readText() } : { version }),
    });
  useActions(may('endpoint.test') ? [{ id: 'test', label: 'Run the test', keys: 'Mod+Enter', run }] : []);
  const issues = test.error instanceof Problem ? test.error.issues : [];
  return (
    <>
      {parameters.map((one) => (
        <TextField
          key={one.name}
          label={one.name}
          hint={`${one.type}${one.required ? ', required' : ''}${one.description === '' ? '' : `: ${one.description}`}`}
          isCode
          {...(['longtext', 'object', 'array', 'json'].includes(one.type) && { rows: 3 })}
          value={fields[one.name] ?? toField(one)}
          onChange={(text) => setFields((now) => ({ ...now, [one.name]: text }))}
          error={messagesAt(issues, `/parameters/${one.name}`)}
        />
      ))}
      {parameters.length === 0 && (
        <TextField label="Body" hint="JSON; empty: no body" isCode rows={4} value={body} onChange={setBody} />
      )}
      <p className={styles.bar}>
        <Button
          tone="primary"
          icon={<Play />}
          reason={whyNot('endpoint.test')}
          isPending={test.isPending}
          onPress={run}
        >
          {isDraft ? 'Run the draft' : `Run v${version}`}
        </Button>
        <span className={styles.quiet}>Ctrl Enter. What it writes to tables and other services stays.</span>
      </p>
      {test.error && <Notice tone="bad">{test.error.message}</Notice>}
      {test.isPending && <TestRunning reported={test.reported} onStop={test.stop} />}
      {test.data && (
        <TestOutcome
          result={test.data}
          handlerPath={handlerPath}
          onLine={(line) => onGo({ at: offsetOf(readText(), line, 1) })}
        />
      )}
      <p>
        <Link to="/endpoints/$id" params={{ id: endpoint.id }} search={{ tab: 'parameters' }}>
          Parameters of /u/{endpoint.path}
        </Link>
      </p>
    </>
  );
}
