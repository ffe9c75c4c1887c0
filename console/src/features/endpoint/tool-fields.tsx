import { CheckField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { FieldRow } from '../../kit/field-group';
import type { Form } from '../../kit/form';
import { SelectField } from '../../kit/select-field';
import { SETTING_LABELS as LABELS, type Settings } from './settings-form.rules';

/** `auto` says what agents are told where nothing is set. */
const hintOptions = (auto: string) =>
  [
    { value: 'auto', label: `not set: ${auto}` },
    { value: 'yes', label: 'yes' },
    { value: 'no', label: 'no' },
  ] as const;
const BY_METHOD = hintOptions('by its method');
const HINTS = { readOnly: BY_METHOD, destructive: BY_METHOD, idempotent: BY_METHOD, openWorld: hintOptions('yes') };

/** State of an endpoint as a tool of agents, and its description for them. */
export function ToolFields({ form, isReadOnly }: { form: Form<Settings>; isReadOnly: boolean }) {
  const { values, set, field } = form;
  const hint = (name: keyof typeof HINTS) => (
    <SelectField label={LABELS[name]} options={HINTS[name]} isDisabled={isReadOnly} {...field(name, `/tool/${name}`)} />
  );
  return (
    <>
      <CheckField isSelected={values.isTool} isDisabled={isReadOnly} onChange={(isOn) => set('isTool', isOn)}>
        A tool of agents, at /mcp
      </CheckField>
      {values.isTool && (
        <>
          <TextField
            label={LABELS.toolName}
            hint="Empty: from its path and method, such as get_orders_id"
            isCode
            isReadOnly={isReadOnly}
            {...field('toolName', '/tool/name')}
          />
          <TextField
            label={LABELS.toolDescription}
            hint="What it is for, to agents. Empty: the description of the endpoint, or its title"
            rows={3}
            isReadOnly={isReadOnly}
            {...field('toolDescription', '/tool/description')}
          />
          <FieldRow>
            {hint('readOnly')}
            {hint('destructive')}
            {hint('idempotent')}
            {hint('openWorld')}
          </FieldRow>
        </>
      )}
    </>
  );
}
