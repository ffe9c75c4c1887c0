import { Plus, Trash2 } from 'lucide-react';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { FieldGroup } from '../../kit/field-group';
import type { Form } from '../../kit/form';
import { SelectField } from '../../kit/select-field';
import { fromDigits } from '../../kit/text-values.rules';
import { EditEndpoint } from './edit-endpoint';
import styles from './endpoint.module.css';
import type { Endpoint } from './endpoint.queries';
import {
  fromRepeats,
  fromWindows,
  MAX_WINDOWS,
  NEW_WINDOW,
  placeOfWindow,
  toRepeats,
  toWindows,
  type WindowValues,
} from './limit-form.rules';

const LIMITS = ['timeoutMs', 'cpuMs', 'subrequests', 'hostCalls', 'bodyBytes', 'responseBytes'] as const;

const toValues = ({ rateLimit, idempotency, limits }: Endpoint) => ({
  windows: toWindows(rateLimit),
  whenUnavailable: rateLimit?.whenUnavailable ?? 'refuse',
  repeats: toRepeats(idempotency),
  timeoutMs: String(limits.timeoutMs),
  cpuMs: String(limits.cpuMs),
  subrequests: String(limits.subrequests),
  hostCalls: String(limits.hostCalls),
  bodyBytes: String(limits.bodyBytes),
  responseBytes: String(limits.responseBytes),
});
type Values = ReturnType<typeof toValues>;
const LABELS: Record<keyof Values, string> = {
  windows: 'Rate of calls',
  whenUnavailable: 'A call that cannot be counted',
  repeats: 'Repeats of a call',
  timeoutMs: 'Time limit (ms)',
  cpuMs: 'Processor time (ms)',
  subrequests: 'Requests that a call may send',
  hostCalls: 'Operations on tables and handlers',
  bodyBytes: 'Body of a call (bytes)',
  responseBytes: 'Response (bytes)',
};

const BY = [
  { value: 'ip', label: 'address' },
  { value: 'key', label: 'key' },
  { value: 'user', label: 'user' },
] as const;
const UNAVAILABLE = [
  { value: 'refuse', label: 'is refused', hint: '503: no limit is ever exceeded' },
  { value: 'allow', label: 'is admitted', hint: 'The endpoint goes on while the counter is unavailable' },
] as const;
const REPEATS = [
  { value: 'off', label: 'run again' },
  {
    value: 'offered',
    label: 'with the same Idempotency-Key get the first response',
    hint: 'For 24 hours. Calls without the header run each time',
  },
  {
    value: 'required',
    label: 'the same, and the header is required',
    hint: 'Calls that change something and lack it are refused',
  },
] as const;

/** How often an endpoint may be called, what becomes of repeats, and the bounds of one call. */
export default function EditLimits({ endpoint }: { endpoint: Endpoint }) {
  return (
    <EditEndpoint
      endpoint={endpoint}
      title="Limits"
      what="the limits"
      labels={LABELS}
      toValues={toValues}
      toBody={({ windows, whenUnavailable, repeats, ...limits }) => ({
        rateLimit: fromWindows(windows, whenUnavailable),
        idempotency: fromRepeats(repeats),
        limits: Object.fromEntries(LIMITS.map((name) => [name, fromDigits(limits[name])])),
      })}
    >
      {(form, reason) => <LimitFields form={form} reason={reason} />}
    </EditEndpoint>
  );
}

function LimitFields({ form, reason }: { form: Form<Values>; reason: string | undefined }) {
  const { values, field, errorAt } = form;
  const isDisabled = reason !== undefined;
  return (
    <>
      <FieldGroup title={LABELS.windows}>
        {values.windows.length === 0 && <p>Not limited.</p>}
        <WindowsField {...field('windows', '/rateLimit')} errorAt={errorAt} reason={reason} />
        {values.windows.length > 0 && (
          <RadioField
            label={LABELS.whenUnavailable}
            options={UNAVAILABLE}
            isDisabled={isDisabled}
            {...field('whenUnavailable', '/rateLimit/whenUnavailable')}
          />
        )}
      </FieldGroup>
      <RadioField
        label={LABELS.repeats}
        options={REPEATS}
        isDisabled={isDisabled}
        {...field('repeats', '/idempotency')}
      />
      <FieldGroup title="One call">
        <div className={styles.window}>
          {LIMITS.map((name) => (
            <TextField
              key={name}
              label={LABELS[name]}
              type="number"
              isReadOnly={isDisabled}
              {...field(name, `/limits/${name}`)}
            />
          ))}
        </div>
      </FieldGroup>
    </>
  );
}

interface WindowsFieldProps {
  value: readonly WindowValues[];
  onChange: (windows: WindowValues[]) => void;
  errorAt: (pointer: string) => string | undefined;
  reason: string | undefined;
}

const WindowsField = ({ value, onChange, errorAt, reason }: WindowsFieldProps) => (
  <>
    {value.map((window, index) => {
      const at = placeOfWindow(index);
      const set = (part: Partial<WindowValues>): void =>
        onChange(value.map((one, i) => (i === index ? { ...one, ...part } : one)));
      return (
        // Windows have no id.
        <div key={index} className={styles.window}>
          <TextField
            label="Calls"
            type="number"
            isReadOnly={reason !== undefined}
            value={window.limit}
            onChange={(limit) => set({ limit })}
            error={errorAt(`${at}/limit`)}
          />
          <TextField
            label="In seconds"
            type="number"
            isReadOnly={reason !== undefined}
            value={window.windowSeconds}
            onChange={(windowSeconds) => set({ windowSeconds })}
            error={errorAt(`${at}/windowSeconds`)}
          />
          <SelectField
            label="Counted by"
            options={BY}
            isDisabled={reason !== undefined}
            value={window.by}
            onChange={(by) => set({ by })}
            error={errorAt(`${at}/by`)}
          />
          <Button
            aria-label={`Remove window ${index + 1}`}
            icon={<Trash2 />}
            reason={reason}
            onPress={() => onChange(value.filter((_, i) => i !== index))}
          />
        </div>
      );
    })}
    <div>
      <Button
        icon={<Plus />}
        reason={reason ?? (value.length >= MAX_WINDOWS ? `An endpoint has at most ${MAX_WINDOWS} windows.` : undefined)}
        onPress={() => onChange([...value, NEW_WINDOW])}
      >
        Add a window
      </Button>
    </div>
  </>
);
