import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { memo } from 'react';
import { FilterBar } from '../../kit/filter-bar';
import { FilterField } from '../../kit/filter-field';
import { SelectField, SelectSeveralField } from '../../kit/select-field';
import { TimeRange } from '../../kit/time-range';
import { ALL_OUTCOMES, OUTCOMES } from './outcome.rules';
import type { RunFilter } from './run-filter.rules';

const route = getRouteApi('/runs');
const OUTCOME_OPTIONS = ALL_OUTCOMES.map((value) => ({ value, label: OUTCOMES[value].word }));
const KINDS = [
  { value: 'any', label: 'Any kind' },
  { value: 'live', label: 'Calls' },
  { value: 'schedule', label: 'Schedules' },
  { value: 'test', label: 'Tests' },
  { value: 'graph', label: 'Graphs' },
] as const;

type Change = (part: RunFilter) => void;

/** The filters of the history, all in the address. A change goes back to the newest runs. */
export const FilterRuns = memo(function FilterRuns() {
  const { live: _live, cursor: _cursor, ...filter } = route.useSearch();
  const navigate = useNavigate({ from: '/runs' });
  const change: Change = (part) =>
    void navigate({
      search: (now) => ({
        ...now,
        ...part,
        outcome: mutable('outcome' in part ? part.outcome : now.outcome),
        cursor: undefined,
      }),
      replace: true,
    });
  const text = (name: 'endpoint' | 'caller' | 'q' | 'step' | 'error', label: string) => (
    <FilterField
      key={name}
      label={label}
      value={filter[name] ?? ''}
      onApply={(value) => change({ [name]: value || undefined })}
    />
  );
  const whole = (name: 'status' | 'minMs', label: string) => (
    <FilterField
      key={name}
      label={label}
      isNumber
      value={String(filter[name] ?? '')}
      onApply={(value) => change({ [name]: /^[0-9]{1,9}$/.test(value) ? Number(value) : undefined })}
    />
  );
  return (
    <FilterBar
      label="Filter runs"
      isFiltered={Object.keys(filter).length > 0}
      onClear={() => void navigate({ search: ({ live }) => ({ live }) })}
    >
      {text('q', 'Text in the call')}
      {text('endpoint', 'Endpoint')}
      <SelectSeveralField
        label="Outcome"
        isLabelHidden
        placeholder="Any outcome"
        value={filter.outcome ?? []}
        options={OUTCOME_OPTIONS}
        onChange={(outcome) => change({ outcome: outcome.length === 0 ? undefined : outcome })}
      />
      <TimeRange {...filter} onChange={change} />
      <SelectField
        label="Kind"
        isLabelHidden
        value={filter.kind ?? 'any'}
        options={KINDS}
        onChange={(kind) => change({ kind: kind === 'any' ? undefined : kind })}
      />
      {whole('status', 'Status')}
      {whole('minMs', 'Slower than (ms)')}
      {text('caller', 'Caller (id)')}
      {filter.step !== undefined && text('step', 'Failed step')}
      {filter.error !== undefined && text('error', 'Error code')}
    </FilterBar>
  );
});

const mutable = <T,>(list: readonly T[] | undefined): T[] | undefined => list && [...list];
