import { Play, X } from 'lucide-react';
import { Problem } from '../../api/problem';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { messagesAt } from '../../kit/issues.rules';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { useActions } from '../../shell/actions';
import type { Endpoint } from '../endpoint/endpoint.queries';
import type { HandlerTypes } from '../handler/handler.queries';
import { ChooseEndpoint } from '../handler/test-panel';
import { TestOutcome } from '../handler/test-outcome';
import { TestRunning } from '../handler/test-running';
import { toField } from '../handler/test-values.rules';
import { shownValue } from './bindings.rules';
import type { WorkflowTest } from './use-workflow-test';
import styles from './workflow.module.css';

interface TestWorkflowProps {
  endpoints: HandlerTypes['endpoints'];
  endpoint: Endpoint;
  test: WorkflowTest;
  handlerPath: string;
}

/** Runs the whole workflow, with values for its parameters, and the results that stand in for steps. */
export function TestWorkflow({ endpoints, endpoint, test, handlerPath }: TestWorkflowProps) {
  const { may, whyNot } = useRights();
  useActions(
    may('endpoint.test') ? [{ id: 'test', label: 'Run the test', keys: 'Mod+Enter', run: () => test.start() }] : [],
  );
  const issues = test.error instanceof Problem ? test.error.issues : [];
  const mocks = Object.entries(test.mocks);
  return (
    <Section title="Test">
      <ChooseEndpoint endpoints={endpoints} chosenId={endpoint.id} />
      {endpoint.parameters.map((one) => (
        <TextField
          key={one.name}
          label={one.name}
          hint={`${one.type}${one.required ? ', required' : ''}`}
          isCode
          value={test.fields[one.name] ?? toField(one)}
          onChange={(text) => test.setField(one.name, text)}
          error={messagesAt(issues, `/parameters/${one.name}`)}
        />
      ))}
      {mocks.length > 0 && (
        <ul className={styles.steps} aria-label="Mocks">
          {mocks.map(([id, value]) => (
            <li key={id} className={styles.bar}>
              <code>{id}</code> gives <code>{shownValue(value)}</code>
              <Button
                tone="quiet"
                aria-label={`Remove the mock of ${id}`}
                icon={<X />}
                onPress={() => test.mock(id, undefined)}
              />
            </li>
          ))}
        </ul>
      )}
      <p className={styles.bar}>
        <Button
          tone="primary"
          icon={<Play />}
          reason={whyNot('endpoint.test')}
          isPending={test.isPending}
          onPress={() => test.start()}
        >
          Run all steps
        </Button>
        <span className={styles.quiet}>Ctrl Enter. What it writes to tables and other services stays.</span>
      </p>
      {test.error && <Notice tone="bad">{test.error.message}</Notice>}
      {test.isPending && <TestRunning reported={test.reported} onStop={test.stop} />}
      {test.result && <TestOutcome result={test.result} handlerPath={handlerPath} />}
    </Section>
  );
}
