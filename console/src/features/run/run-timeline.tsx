import { useState } from 'react';
import { Badge } from '../../kit/badge';
import { JsonTree } from '../../kit/json-tree';
import { printable } from '../../kit/json-tree.rules';
import { More } from '../../kit/more';
import { Section } from '../../kit/page';
import { durationText } from '../../kit/time.rules';
import type { Run } from './run.queries';
import styles from './run.module.css';
import { spanOf, spanOfStep, wholeMs, type Span } from './timeline.rules';

type Step = Run['steps'][number];

const TONES = { running: 'info', success: 'good', failed: 'bad', mocked: 'neutral' } as const;
/** Steps that are drawn at first, and more with each press of the button. */
const SHOWN_STEPS = 50;

/** Use of the time: the checks, each step, and work after the response. */
export function RunTimeline({ run, step }: { run: Run; step: string | undefined }) {
  const { timing, steps } = run;
  const whole = wholeMs(run);
  const named = steps.findIndex(({ id }) => id === step);
  const [shown, setShown] = useState(Math.max(SHOWN_STEPS, named + 1));
  const afterAt = timing.authMs + timing.runMs;
  return (
    <Section title="Timeline" aside={<span className={styles.quiet}>0 to {durationText(whole)}</span>}>
      <ol className={styles.timeline}>
        <Part name="Checks" ms={timing.authMs} span={spanOf(0, timing.authMs, whole)} />
        <Part name="Handler" ms={timing.runMs} span={spanOf(timing.authMs, timing.runMs, whole)} />
        {steps.slice(0, shown).map((one, index) => (
          <li key={index}>
            <StepLine step={one} span={spanOfStep(one, timing.authMs, whole)} isNamed={index === named} />
          </li>
        ))}
        {timing.afterMs > 0 && <Part name="After" ms={timing.afterMs} span={spanOf(afterAt, timing.afterMs, whole)} />}
      </ol>
      {steps.length > shown && (
        <More count={shown} what="steps" hasMore isPending={false} onMore={() => setShown(shown + SHOWN_STEPS)} />
      )}
      <p className={styles.quiet}>Times are those of waiting: computing alone shows as 0.</p>
    </Section>
  );
}

const Part = ({ name, ms, span }: { name: string; ms: number; span: Span }) => (
  <li className={styles.step}>
    <span>{name}</span>
    <Bar span={span} />
    <span className={styles.end}>{durationText(ms)}</span>
  </li>
);

const Bar = ({ span, isFailed }: { span: Span; isFailed?: boolean }) => (
  <span className={styles.track} aria-hidden="true">
    <span
      className={styles.span}
      data-failed={isFailed || undefined}
      style={{ display: 'block', marginLeft: `${span.from}%`, width: `${span.width}%` }}
    />
  </span>
);

/** A step; its input, output and error when it is open. */
function StepLine({ step, span, isNamed }: { step: Step; span: Span; isNamed: boolean }) {
  const [isOpen, setOpen] = useState(isNamed);
  const { id, action, outcome, durationMs, middleware } = step;
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className={styles.step}>
        <span>
          {printable(id)} <span className={styles.quiet}>{printable(action)}</span>{' '}
          {middleware !== undefined && <span className={styles.quiet}>middleware {middleware + 1} </span>}
          <Badge tone={TONES[outcome]}>{outcome}</Badge>
        </span>
        <Bar span={span} isFailed={outcome === 'failed'} />
        <span className={styles.end}>{durationText(durationMs)}</span>
      </summary>
      {isOpen && <StepValues step={step} />}
    </details>
  );
}

const StepValues = ({ step: { error, input, output } }: { step: Step }) => (
  <div className={styles.values}>
    {error && (
      <p>
        {printable(error.name)}: {printable(error.message)}
        {error.status !== undefined && ` (${error.status})`}
      </p>
    )}
    {(
      [
        ['Input', input],
        ['Output', output],
      ] as const
    ).map(([name, value]) => (
      <div key={name} className={styles.part}>
        <h3>{name}</h3>
        {value === undefined ? <p className={styles.quiet}>not recorded</p> : <JsonTree label={name} value={value} />}
      </div>
    ))}
  </div>
);
