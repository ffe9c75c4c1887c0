import { expect, test } from 'vitest';
import { toOutcome } from '../../../../src/runtime/envelope';
import { createRecorder } from '../../../../src/runtime/harness/workflow/recorder';
import type { StepRecord } from '../../../../src/runtime/harness/workflow/types';

/** Records 1,500 steps with a text that JSON escapes: its output, or the message of its error. */
function record(outcome: 'success' | 'failed'): StepRecord[] {
  const sink: StepRecord[] = [];
  const recorder = createRecorder(sink, (text) => text);
  const text = '\u0001'.repeat(1024);
  for (let n = 0; n < 1500; n++) {
    const step = recorder.start(`step_${n}_${'x'.repeat(50)}`, 'http.request');
    recorder.input(step, text);
    if (outcome === 'success') recorder.output(step, text);
    else recorder.fail(step, new Error(text));
  }
  return sink;
}

test.each(['success', 'failed'] as const)(
  'the records of 1,500 steps with the outcome %s fit into a report',
  (kind) => {
    const steps = record(kind);
    const logs = [[0, 'info', '\u0001'.repeat(65_536)]];
    const outcome = toOutcome(`${JSON.stringify({ kind: 'json', logs, steps })}\n1`);
    expect(outcome).toMatchObject({ kind: 'text', body: '1' });
    expect(outcome.report.steps).toHaveLength(1000);
    expect(outcome.report.steps.every((step) => step.outcome === kind)).toBe(true);
    expect(outcome.report.steps.at(-1)).toMatchObject({ input: '… (the run’s records are full)' });
  },
);
