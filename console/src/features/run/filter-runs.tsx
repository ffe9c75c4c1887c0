import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { TextField } from '../../kit/field';
import { FilterBar } from '../../kit/filter-bar';
import { SelectField, SelectSeveralField } from '../../kit/select-field';
import { ALL_OUTCOMES, OUTCOMES } from './outcome.rules';
import { fromLocalField, instantOf, isRelative, toLocalField, type RunFilter } from './run-filter.rules';

const route = getRouteApi('/runs');
const OUTCOME_OPTIONS = ALL_OUTCOMES.map((value) => ({ value, label: OUTCOMES[value].word }));
const TIMES = [
  { value: 'any', label: 'Any time' },
  { value: '-15m', label: 'Last 15 minutes' },
  { value: '-1h', label: 'Last hour' },
  { value: '-24h', label: 'Last 24 hours' },
  { value: '-7d', label: 'Last 7 days' },
  { value: '-30d', label: 'Last 30 days' },
  { value: 'between', label: 'Between two times' },
];
const KINDS = [
  { value: 'any', label: 'Any kind' },
  { value: 'live', label: 'Calls' },
  { value: 'test', label: 'Tests' },
  { value: 'graph', label: 'Graphs' },
] as const;

type Change = (part: RunFilter) => void;

/** The filters of the history, all in the address. A change goes back to the newest runs. */
export function FilterRuns() {
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
    <Draft
      key={name}
      label={label}
      value={filter[name] ?? ''}
      onApply={(value) => change({ [name]: value || undefined })}
    />
  );
  const whole = (name: 'status' | 'minMs', label: string) => (
    <Draft
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
      <TimeRange filter={filter} onChange={change} />
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
}

const mutable = <T,>(list: readonly T[] | undefined): T[] | undefined => list && [...list];

/** A field that filters when the user presses Enter or leaves it: a search over a text that is being typed costs much and finds nothing. */
function Draft(props: { label: string; value: string; onApply: (value: string) => void; isNumber?: boolean }) {
  const { label, value, onApply, isNumber } = props;
  // A text that belongs to a former value of the filter is dropped; the field, and the focus in it, stay.
  const [draft, setDraft] = useState({ value, text: value });
  const text = draft.value === value ? draft.text : value;
  const apply = (): void => {
    if (text.trim() !== value) onApply(text.trim());
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    apply();
  };
  return (
    <form onSubmit={submit}>
      <TextField
        label={label}
        isLabelHidden
        type={isNumber ? 'number' : 'search'}
        placeholder={label}
        value={text}
        onChange={(typed) => setDraft({ value, text: typed })}
        onBlur={apply}
      />
    </form>
  );
}

function TimeRange({ filter: { since, until }, onChange }: { filter: RunFilter; onChange: Change }) {
  const isBetween = until !== undefined || (since !== undefined && !isRelative(since));
  const [value, options] = isBetween
    ? (['between', TIMES] as const)
    : ([
        since ?? 'any',
        TIMES.some((one) => one.value === (since ?? 'any'))
          ? TIMES
          : [...TIMES, { value: since!, label: `Since ${since}` }],
      ] as const);
  const choose = (chosen: string): void => {
    if (chosen === 'any') return onChange({ since: undefined, until: undefined });
    if (chosen !== 'between') return onChange({ since: chosen, until: undefined });
    const now = Date.now();
    onChange({ since: new Date(instantOf(since ?? '-1h', now)).toISOString(), until: new Date(now).toISOString() });
  };
  return (
    <>
      <SelectField label="Time" isLabelHidden value={value} options={options} onChange={choose} />
      {isBetween && (
        <>
          <Moment label="From" value={since} onChange={(at) => onChange({ since: at })} />
          <Moment label="To" value={until} onChange={(at) => onChange({ until: at })} />
        </>
      )}
    </>
  );
}

const Moment = (props: { label: string; value: string | undefined; onChange: (at: string | undefined) => void }) => (
  <TextField
    label={props.label}
    isLabelHidden
    type="datetime-local"
    value={props.value === undefined ? '' : toLocalField(instantOf(props.value, Date.now()))}
    onChange={(text) => props.onChange(fromLocalField(text))}
  />
);
