import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import type { Endpoint } from '../endpoint/endpoint.queries';
import type { Handler, HandlerTypes } from '../handler/handler.queries';
import type { HandlerDraft } from '../handler/use-handler-draft';
import { NoEndpoint } from '../handler/test-panel';
import { newStep, type ActionInfo, type Step } from './action-info.rules';
import { AddStep } from './add-step';
import { bindingsOf } from './bindings.rules';
import { ReadStep } from './read-step';
import { StepForm } from './step-form';
import { StepList } from './step-list';
import { StepOutcome } from './step-outcome';
import {
  freeId,
  insertStep,
  moveStep,
  printDocument,
  readDocument,
  removeStep,
  replaceStep,
  rowsOf,
  type Move,
  type Row,
  type WorkflowDocument,
} from './step-tree.rules';
import { TestWorkflow } from './test-workflow';
import { issuesAt, type WorkflowIssue } from './use-workflow-check';
import { useWorkflowTest } from './use-workflow-test';
import { WorkflowSurroundings } from './workflow-surroundings';
import { workflowQueries } from './workflow.queries';
import styles from './workflow.module.css';

const route = getRouteApi('/handlers/$id');

interface EditStepsProps {
  handler: Handler;
  draft: HandlerDraft;
  actions: readonly ActionInfo[];
  issues: readonly WorkflowIssue[];
  endpoints: HandlerTypes['endpoints'];
  endpoint: Endpoint | undefined;
}

/** The steps of a workflow; without a document that can be read, where to mend it. */
export function EditSteps(props: EditStepsProps) {
  const document = useMemo(() => readDocument(props.draft.text), [props.draft.text]);
  if (document !== null) return <Steps {...props} document={document} />;
  return (
    <Notice tone="bad">
      <p>
        The document is not a workflow in JSON that can be shown as steps:{' '}
        {issuesAt(props.issues, '') ?? 'it has a number that would be rounded, or steps that cannot be read'}.
      </p>
      <p>
        <Link to="/handlers/$id" params={{ id: props.handler.id }} search={(now) => ({ ...now, tab: 'json' })}>
          Mend it in the JSON
        </Link>
      </p>
    </Notice>
  );
}

function Steps(props: EditStepsProps & { document: WorkflowDocument }) {
  const { handler, draft, document, actions, issues, endpoints, endpoint } = props;
  const { step: named } = route.useSearch();
  const { may } = useRights();
  const rows = useMemo(() => rowsOf(document), [document]);
  const [pointer, setPointer] = useState<string | null>(
    () => rows.find((row) => row.kind === 'step' && row.step.id === named)?.pointer ?? rows[0]?.pointer ?? null,
  );
  const [isAdding, setAdding] = useState(false);
  const row = rows.find((one) => one.pointer === pointer);
  const lastRun = useQuery({
    ...workflowQueries.lastRun(endpoint?.id ?? ''),
    enabled: endpoint !== undefined && may('run.read'),
  });
  const test = useWorkflowTest(endpoint, draft);
  const run = test.run ?? lastRun.data ?? null;
  const steps = test.isPending ? test.reported.steps : run?.steps;
  const outcomes = useMemo(
    () => new Map((steps ?? []).filter((one) => one.middleware === undefined).map((one) => [one.id, one])),
    [steps],
  );
  const bindings = useMemo(
    () => bindingsOf({ parameters: endpoint?.parameters ?? [], ...before(rows, pointer), run }),
    [endpoint, rows, pointer, run],
  );
  const mayWrite = may('handler.write');
  const write = (next: WorkflowDocument): void => draft.write(printDocument(next));
  const add = (action: ActionInfo): void => {
    const { block, index } = placeAfter(rows, pointer);
    write(insertStep(document, block, index, newStep(action, freeId(document, action.name))));
    select(`${block}/${index}`);
    setAdding(false);
  };
  const select = (next: string): void => {
    setPointer(next);
    // The line is drawn first.
    requestAnimationFrame(() => globalThis.document.querySelector<HTMLElement>(`[data-pointer="${next}"]`)?.focus());
  };
  const move = (from: string, by: Move): void => {
    const moved = mayWrite ? moveStep(document, from, by) : null;
    if (moved === null) return;
    write(moved.document);
    select(moved.pointer);
  };
  const remove = (from: string): void => {
    if (!mayWrite) return;
    const { text } = draft;
    write(removeStep(document, from));
    setPointer(null);
    toastDone('Removed the step.', () => draft.write(text));
  };
  useActions(mayWrite ? [{ id: 'add', label: 'Add a step', keys: 'a', run: () => setAdding(true) }] : []);
  return (
    <div className={styles.panes}>
      <div className={styles.pane}>
        <Section
          title={
            document.kind === 'middleware' ? 'Before a call' : endpoint ? `When /u/${endpoint.path} is called` : 'Steps'
          }
          aside={
            <Button icon={<Plus />} isDisabled={!mayWrite} onPress={() => setAdding(true)}>
              Add
            </Button>
          }
        >
          <StepList
            rows={rows}
            selected={pointer}
            issues={issues}
            outcomes={outcomes}
            onSelect={setPointer}
            onMove={move}
            onRemove={remove}
          />
          {rows.length === 0 && <p>No step yet. The first one runs when the endpoint is called.</p>}
          <p className={styles.quiet}>
            Arrow keys go; Alt with an arrow key moves a step, also into and out of others; A adds; Delete removes.
          </p>
        </Section>
        <WorkflowSurroundings endpoint={endpoint} kind={document.kind} />
      </div>
      <div className={styles.pane}>
        {row?.kind === 'step' && (
          <SelectedStep
            row={row}
            actions={actions}
            issues={issues}
            bindings={bindings}
            outcome={outcomes.get(row.step.id)}
            test={test}
            mayWrite={mayWrite}
            onChange={(step) => write(replaceStep(document, row.pointer, step))}
            onMove={(by) => move(row.pointer, by)}
            onRemove={() => remove(row.pointer)}
          />
        )}
        {document.kind === 'workflow' &&
          (endpoint ? (
            <TestWorkflow endpoints={endpoints} endpoint={endpoint} test={test} handlerPath={handler.path} />
          ) : (
            <NoEndpoint handlerPath={handler.path} />
          ))}
      </div>
      {isAdding && <AddStep actions={actions} where={whereText(row)} onAdd={add} onClose={() => setAdding(false)} />}
    </div>
  );
}

/** Place of a new step: after the selected one, or at the end of the selected block. */
function placeAfter(rows: readonly Row[], pointer: string | null): { block: string; index: number } {
  const row = rows.find((one) => one.pointer === pointer);
  const inBlock = (block: string): number =>
    rows.filter((one) => one.kind === 'step' && parentOf(one.pointer) === block).length;
  if (row === undefined) return { block: '/steps', index: inBlock('/steps') };
  if (row.kind === 'block') return { block: row.pointer, index: inBlock(row.pointer) };
  return { block: parentOf(row.pointer), index: Number(row.pointer.slice(row.pointer.lastIndexOf('/') + 1)) + 1 };
}
const parentOf = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf('/'));

const whereText = (row: Row | undefined): string =>
  row === undefined ? 'at the end' : row.kind === 'block' ? `to ${row.label}` : `after ${row.step.id}`;

/** Ids of the steps above a line, and the variables that they set. The check says which of them can be missing. */
function before(rows: readonly Row[], pointer: string | null): { steps: string[]; variables: string[] } {
  const end = rows.findIndex((row) => row.pointer === pointer);
  const above = rows.slice(0, end === -1 ? rows.length : end).flatMap((row) => (row.kind === 'step' ? [row.step] : []));
  return {
    steps: above.map(({ id }) => id),
    variables: [...new Set(above.filter((step) => step.do === 'set').map((step: Step) => String(step.name)))],
  };
}

type SelectedProps = Omit<Parameters<typeof StepForm>[0], 'step' | 'pointer' | 'action'> & {
  row: Extract<Row, { kind: 'step' }>;
  actions: readonly ActionInfo[];
  outcome: Parameters<typeof StepOutcome>[0]['outcome'];
  test: ReturnType<typeof useWorkflowTest>;
  mayWrite: boolean;
  onMove: (by: Move) => void;
  onRemove: () => void;
};

function SelectedStep({ row, actions, outcome, test, mayWrite, onMove, onRemove, ...form }: SelectedProps) {
  const { step, pointer } = row;
  const { whyNot } = useRights();
  const reason = whyNot('handler.write');
  return (
    <Section title={`Step ${step.id} · ${step.do}`}>
      {mayWrite ? (
        <StepForm
          key={pointer}
          {...form}
          step={step}
          pointer={pointer}
          action={actions.find(({ name }) => name === step.do)}
        />
      ) : (
        <ReadStep key={pointer} step={step} />
      )}
      <div className={styles.bar} role="group" aria-label="Act on the step">
        {(['up', 'down', 'in', 'out'] as const).map((by) => (
          <Button key={by} reason={reason} onPress={() => onMove(by)}>
            Move {by}
          </Button>
        ))}
        <Button tone="danger" reason={reason} onPress={onRemove}>
          Remove
        </Button>
      </div>
      <StepOutcome id={step.id} outcome={outcome} test={test} />
    </Section>
  );
}
