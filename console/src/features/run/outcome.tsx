import { Badge } from '../../kit/badge';
import { OUTCOMES } from './outcome.rules';
import type { RunSummary } from './run.queries';

/** How a call ended: a word, a sign and a color. */
export const Outcome = ({ value }: { value: RunSummary['outcome'] }) => (
  <Badge tone={OUTCOMES[value].tone}>{OUTCOMES[value].word}</Badge>
);
