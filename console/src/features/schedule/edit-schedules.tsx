import { Plus, Trash2 } from 'lucide-react';
import { Button } from '../../kit/button';
import { CheckField, RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { FieldGroup, FieldRow } from '../../kit/field-group';
import { jsonIssue } from '../../kit/text-values.rules';
import { EditEndpoint } from '../endpoint/edit-endpoint';
import type { Endpoint } from '../endpoint/endpoint.queries';
import { fromScheduleValues, newSchedule, timesOf, toScheduleValues, type ScheduleValues } from './schedule-form.rules';

const OVERLAPS = [
  { value: 'skip', label: 'Skip the run', hint: 'A run is left out while the one before goes on' },
  { value: 'queue', label: 'Wait for its end', hint: 'One run waits; further times are left out' },
  { value: 'allow', label: 'Run at the same time' },
] as const;

interface Values {
  schedules: ScheduleValues[];
}
const toValues = ({ schedules }: Endpoint): Values => ({ schedules: schedules.map(toScheduleValues) });

/** The schedules of an endpoint. */
export const EditSchedules = ({ endpoint }: { endpoint: Endpoint }) => (
  <EditEndpoint
    endpoint={endpoint}
    title="Schedules"
    what="the schedules"
    labels={{ schedules: 'Schedules' }}
    toValues={toValues}
    toBody={({ schedules }) => ({ schedules: schedules.map(fromScheduleValues) })}
    actions={({ values: { schedules }, set }, reason) => (
      <Button
        icon={<Plus />}
        reason={reason}
        onPress={() => set('schedules', [...schedules, newSchedule(namesOf(schedules), ownZone())])}
      >
        Add a schedule
      </Button>
    )}
  >
    {({ values: { schedules }, set, errorAt }, reason) => (
      <>
        {schedules.length === 0 && <p>None: it runs when it is called.</p>}
        {schedules.map((schedule, index) => (
          <ScheduleFields
            // Schedules have no id, and their names change while they are typed.
            key={index}
            value={schedule}
            place={index + 1}
            onChange={(next) =>
              set(
                'schedules',
                schedules.map((one, i) => (i === index ? next : one)),
              )
            }
            onRemove={() =>
              set(
                'schedules',
                schedules.filter((_, i) => i !== index),
              )
            }
            errorAt={(pointer) => errorAt(`/schedules/${index}${pointer}`)}
            reason={reason}
          />
        ))}
      </>
    )}
  </EditEndpoint>
);

const namesOf = (schedules: readonly ScheduleValues[]): string[] => schedules.map(({ name }) => name);
const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

interface ScheduleFieldsProps {
  value: ScheduleValues;
  place: number;
  onChange: (schedule: ScheduleValues) => void;
  onRemove: () => void;
  errorAt: (pointer: string) => string | undefined;
  reason: string | undefined;
}

function ScheduleFields({ value, place, onChange, onRemove, errorAt, reason }: ScheduleFieldsProps) {
  const isReadOnly = reason !== undefined;
  const text = (name: 'name' | 'cron' | 'zone', label: string, hint: string) => (
    <TextField
      label={label}
      hint={hint}
      isCode
      isReadOnly={isReadOnly}
      value={value[name]}
      onChange={(next) => onChange({ ...value, [name]: next })}
      error={errorAt(`/${name}`)}
    />
  );
  return (
    <FieldGroup title={value.name === '' ? `Schedule ${place}` : value.name} isCode>
      <FieldRow>
        {text('name', 'Name', 'Handlers see it as ctx.caller.id')}
        {text('cron', 'Cron expression', 'Minute, hour, day, month, weekday: 30 2 * * 1-5')}
        {text('zone', 'Time zone', 'Such as Europe/Berlin')}
      </FieldRow>
      <p role="status">{timesOf(value, Date.now())}</p>
      <TextField
        label="Parameters"
        hint="By name, as JSON"
        rows={3}
        isCode
        isReadOnly={isReadOnly}
        value={value.parameters}
        onChange={(parameters) => onChange({ ...value, parameters })}
        error={jsonIssue(value.parameters) ?? errorAt('/parameters')}
      />
      <RadioField
        label="While the run before goes on"
        options={OVERLAPS}
        isDisabled={isReadOnly}
        value={value.overlap}
        onChange={(overlap) => onChange({ ...value, overlap })}
        error={errorAt('/overlap')}
      />
      <TextField
        label="Attempts after a failed run"
        hint="0 to 5: 1, 5, 15, 60 and 240 minutes after the one before"
        type="number"
        isReadOnly={isReadOnly}
        value={value.retries}
        onChange={(retries) => onChange({ ...value, retries })}
        error={errorAt('/retry')}
      />
      <CheckField
        isSelected={value.isPaused}
        isDisabled={isReadOnly}
        onChange={(isPaused) => onChange({ ...value, isPaused })}
      >
        Paused: it runs on request only
      </CheckField>
      <div>
        <Button icon={<Trash2 />} reason={reason} onPress={onRemove}>
          Remove the schedule
        </Button>
      </div>
    </FieldGroup>
  );
}
