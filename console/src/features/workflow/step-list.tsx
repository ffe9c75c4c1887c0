import type { KeyboardEvent } from 'react';
import { Badge } from '../../kit/badge';
import type { Answer } from '../../api/call';
import { issuesAt, type WorkflowIssue } from './use-workflow-check';
import { summaryOf, type Move, type Row } from './step-tree.rules';
import styles from './workflow.module.css';

type RunStep = Answer<'GET /admin/runs/:id'>['steps'][number];
const TONES = { running: 'info', success: 'good', failed: 'bad', mocked: 'neutral' } as const;
const MOVES: Record<string, Move> = { ArrowUp: 'up', ArrowDown: 'down', ArrowRight: 'in', ArrowLeft: 'out' };

interface StepListProps {
  rows: readonly Row[];
  selected: string | null;
  issues: readonly WorkflowIssue[];
  /** Of the last run, by id. */
  outcomes: ReadonlyMap<string, RunStep>;
  onSelect: (pointer: string) => void;
  onMove: (pointer: string, move: Move) => void;
  onRemove: (pointer: string) => void;
}

/** The steps, from top to bottom. Arrow keys go, Alt with an arrow key moves a step, Delete removes it. */
export function StepList({ rows, selected, issues, outcomes, onSelect, onMove, onRemove }: StepListProps) {
  const onKey = (event: KeyboardEvent<HTMLButtonElement>, row: Row): void => {
    const move = MOVES[event.key];
    if (event.altKey && move && row.kind === 'step') {
      event.preventDefault();
      return onMove(row.pointer, move);
    }
    if (event.key === 'Delete' && row.kind === 'step') return onRemove(row.pointer);
    if (event.altKey || (move !== 'up' && move !== 'down')) return;
    event.preventDefault();
    const all = [...event.currentTarget.closest('ol')!.querySelectorAll('button')];
    all[all.indexOf(event.currentTarget) + (move === 'down' ? 1 : -1)]?.focus();
  };
  return (
    <ol className={styles.steps} aria-label="Steps">
      {rows.map((row) => (
        <li key={row.pointer} style={{ paddingInlineStart: `${Math.min(row.level, 8) * 16}px` }}>
          <button
            type="button"
            data-row=""
            data-pointer={row.pointer}
            className={row.kind === 'step' ? styles.step : styles.block}
            aria-current={row.pointer === selected ? 'true' : undefined}
            onClick={() => onSelect(row.pointer)}
            onKeyDown={(event) => onKey(event, row)}
          >
            {row.kind === 'block' ? (
              <>
                {row.label}
                {row.isEmpty && <span className={styles.quiet}> no step yet</span>}
              </>
            ) : (
              <StepLine
                row={row}
                hasIssue={issuesAt(issues, row.pointer) !== undefined}
                outcome={outcomes.get(row.step.id)}
              />
            )}
          </button>
        </li>
      ))}
    </ol>
  );
}

const StepLine = ({
  row,
  hasIssue,
  outcome,
}: {
  row: Extract<Row, { kind: 'step' }>;
  hasIssue: boolean;
  outcome: RunStep | undefined;
}) => (
  <>
    <span className={styles.number}>{row.number}</span>
    <span className={styles.name}>
      <strong>{row.step.id}</strong> <span className={styles.do}>{row.step.do}</span>{' '}
      <span className={styles.summary}>{summaryOf(row.step)}</span>
    </span>
    {hasIssue && <Badge tone="warn">check</Badge>}
    {outcome && <Badge tone={TONES[outcome.outcome]}>{outcome.outcome}</Badge>}
  </>
);
