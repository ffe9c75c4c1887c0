import { useNavigate } from '@tanstack/react-router';
import { ActOnSelected } from '../../bulk/act-on-selected';
import { Button } from '../../kit/button';
import { runBulk } from './change-runs';
import type { toListQuery } from './run-filter.rules';

interface ActOnRunsProps {
  ids: readonly string[];
  filter: ReturnType<typeof toListQuery>;
  onClear: () => void;
  onDeleted: (ids: ReadonlySet<string>) => void;
}

/** Changes the chosen runs; compares two of them. */
export function ActOnRuns({ ids, filter, onClear, onDeleted }: ActOnRunsProps) {
  const navigate = useNavigate();
  const [a, b] = ids;
  if (a === undefined) return null;
  const bulk: typeof runBulk = {
    ...runBulk,
    send: async (part) => {
      const result = await runBulk.send(part);
      onDeleted(new Set(result.items.filter(({ done }) => done).map(({ id }) => id)));
      return result;
    },
  };
  return (
    <ActOnSelected bulk={bulk} ids={ids} filter={filter} onClear={onClear}>
      {b !== undefined && ids.length === 2 && (
        <Button onPress={() => void navigate({ to: '/runs/compare', search: { a, b } })}>Compare</Button>
      )}
    </ActOnSelected>
  );
}
