import { useState } from 'react';
import { Button } from '../../kit/button';
import { CheckField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { SelectField } from '../../kit/select-field';
import type { ActionInfo, FieldInfo, Step } from './action-info.rules';
import type { Binding } from './bindings.rules';
import { MapField } from './map-field';
import { StepCode } from './step-code';
import { issuesAt, type WorkflowIssue } from './use-workflow-check';
import { ValueField } from './value-field';
import { fromText, toText } from './value-mode.rules';
import styles from './workflow.module.css';

interface StepFormProps {
  step: Step;
  pointer: string;
  action: ActionInfo | undefined;
  issues: readonly WorkflowIssue[];
  bindings: readonly Binding[];
  onChange: (step: Step) => void;
}

/** The fields of a step, as its action declares them. */
export function StepForm({ step, pointer, action, issues, bindings, onChange }: StepFormProps) {
  const set = (name: string, value: unknown): void => {
    const next = { ...step, [name]: value };
    if (value === undefined) delete next[name];
    onChange(next);
  };
  return (
    <>
      <TextField
        label="Id"
        isCode
        hint="Later steps read its result as steps.id"
        value={step.id}
        onChange={(id) => set('id', id)}
        error={issuesAt(issues, `${pointer}/id`)}
      />
      {action === undefined && <p>There is no action {step.do}. Change it in the JSON.</p>}
      {action?.title && <p className={styles.quiet}>{action.title}</p>}
      {action?.fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          step={step}
          bindings={bindings}
          error={issuesAt(issues, `${pointer}/${field.name}`)}
          onChange={(value) => set(field.name, value)}
        />
      ))}
      <TextField
        label="Note"
        hint="A remark; it has no effect"
        value={typeof step.note === 'string' ? step.note : ''}
        onChange={(note) => set('note', note === '' ? undefined : note)}
      />
    </>
  );
}

interface FieldProps {
  field: FieldInfo;
  step: Step;
  bindings: readonly Binding[];
  error: string | undefined;
  onChange: (value: unknown) => void;
}

function Field({ field, step, bindings, error, onChange }: FieldProps) {
  const { name, kind, isRequired, description, values } = field;
  const value = step[name];
  const label = isRequired ? name : `${name} (optional)`;
  const common = { label, hint: description || undefined, error };
  if (step.do === 'code' && name === 'source') return <CodeField value={value} onChange={onChange} error={error} />;
  switch (kind) {
    case 'steps':
      // Steps within the step are lines of the list; a block that is not there yet can be added.
      return value === undefined ? <Button onPress={() => onChange([])}>Add {name}</Button> : null;
    case 'cases':
      return <Cases value={value} bindings={bindings} onChange={onChange} />;
    case 'value':
      return <ValueField {...common} value={value} bindings={bindings} onChange={onChange} />;
    case 'map':
      return <MapField {...common} value={value} bindings={bindings} onChange={onChange} />;
    case 'flag':
      return (
        <CheckField isSelected={value === true} onChange={(on) => onChange(on || isRequired ? on : undefined)}>
          {name}
          {description && <span className={styles.quiet}> {description}</span>}
        </CheckField>
      );
    case 'choice':
      return (
        <SelectField
          {...common}
          value={typeof value === 'string' ? value : ''}
          options={[
            ...(isRequired ? [] : [{ value: '', label: 'the default' }]),
            ...values.map((one) => ({ value: one, label: one })),
          ]}
          onChange={(one) => onChange(one === '' ? undefined : one)}
        />
      );
    case 'text':
      return (
        <TextField
          {...common}
          isCode
          value={typeof value === 'string' ? value : ''}
          onChange={(text) => onChange(text === '' && !isRequired ? undefined : text)}
        />
      );
    default:
      return <JsonField {...common} value={value} onChange={onChange} />;
  }
}

/** A value that has no form of its own: JSON, which is taken over when it parses. */
function JsonField(props: {
  label: string;
  hint: string | undefined;
  error: string | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? toText(props.value, 'json');
  return (
    <TextField
      label={props.label}
      hint={props.hint ?? 'JSON'}
      isCode
      {...(typeof props.value === 'object' && { rows: 5 })}
      value={text}
      error={draft === null ? props.error : 'is not JSON yet'}
      onChange={(next) => {
        const parsed = fromText(next, 'json');
        setDraft(parsed.isValid ? null : next);
        if (parsed.isValid) props.onChange(parsed.value);
      }}
    />
  );
}

function CodeField(props: { value: unknown; onChange: (value: unknown) => void; error: string | undefined }) {
  const { value, onChange, error } = props;
  return (
    <div className={styles.map}>
      <StepCode value={value} onChange={(next) => onChange(next.includes('\n') ? next.split('\n') : next)} />
      {error && <span className={styles.error}>{error}</span>}
    </div>
  );
}

type Case = { when: unknown; steps: unknown[] };

function Cases(props: { value: unknown; bindings: readonly Binding[]; onChange: (value: unknown) => void }) {
  const cases = (Array.isArray(props.value) ? props.value : []) as Case[];
  return (
    <>
      {cases.map((one, index) => (
        <ValueField
          key={index}
          label={`when, case ${index + 1}`}
          value={one.when}
          bindings={props.bindings}
          onChange={(when) =>
            props.onChange(cases.map((each, i) => (i === index ? { ...each, when: when ?? true } : each)))
          }
        />
      ))}
      <p>
        <Button onPress={() => props.onChange([...cases, { when: true, steps: [] }])}>Add a case</Button>
      </p>
    </>
  );
}
