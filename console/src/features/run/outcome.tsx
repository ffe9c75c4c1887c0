import { StateBadge } from '../../kit/badge';
import { OUTCOMES } from './outcome.rules';
import type { RunSummary } from './run.queries';

/** How a call ended: a word, a sign and a color. */
export const Outcome = ({ value }: { value: RunSummary['outcome'] }) => <StateBadge state={OUTCOMES[value]} />;
