import { TextField } from './field';
import { SelectField } from './select-field';
import { fromLocalField, instantOf, isRelative, toLocalField } from './time-range.rules';

const TIMES = [
  { value: 'any', label: 'Any time' },
  { value: '-15m', label: 'Last 15 minutes' },
  { value: '-1h', label: 'Last hour' },
  { value: '-24h', label: 'Last 24 hours' },
  { value: '-7d', label: 'Last 7 days' },
  { value: '-30d', label: 'Last 30 days' },
  { value: 'between', label: 'Between two times' },
];

interface TimeRangeProps {
  since?: string | undefined;
  until?: string | undefined;
  onChange: (range: { since?: string | undefined; until?: string | undefined }) => void;
}

/** A range of time, as an address has it: relative to the reader's now, or between two times. */
export function TimeRange({ since, until, onChange }: TimeRangeProps) {
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
