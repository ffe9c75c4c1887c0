import { JsonTree } from '../../kit/json-tree';
import type { Step } from './action-info.rules';
import { StepCode } from './step-code';

/** A step for a user who may not change it. */
export function ReadStep({ step }: { step: Step }) {
  if (step.do !== 'code') return <JsonTree label="Fields of the step" value={step} openLevels={4} />;
  const { source, ...fields } = step;
  return (
    <>
      <JsonTree label="Fields of the step" value={fields} openLevels={4} />
      <StepCode value={source} />
    </>
  );
}
