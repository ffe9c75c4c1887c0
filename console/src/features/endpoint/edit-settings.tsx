import { CheckField, RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { FieldGroup } from '../../kit/field-group';
import type { Form } from '../../kit/form';
import { SelectField, SelectSeveralField } from '../../kit/select-field';
import { ChooseSecrets } from '../secret/choose-secrets';
import { ChoosePerson } from '../user/choose-person';
import { EditEndpoint } from './edit-endpoint';
import type { Endpoint } from './endpoint.queries';
import { METHOD_OPTIONS } from './method-options.rules';
import { fromSettings, SETTING_LABELS as LABELS, toSettings, type Settings } from './settings-form.rules';
import { ToolFields } from './tool-fields';

const INSTANCES = [
  {
    value: 'pooled',
    label: 'Pooled',
    hint: 'Calls share a few instances. Nothing that a call keeps may matter to the next',
  },
  { value: 'shared', label: 'Shared (common instance)', hint: 'Several calls in one instance, whose state they share' },
  {
    value: 'per-call',
    label: 'One for each call',
    hint: 'A new instance for every call: slower, and apart from all others',
  },
] as const;
const LOGS = [
  { value: 'full', label: 'All', hint: 'Request, response, logs and steps' },
  { value: 'metadata', label: 'No bodies', hint: 'Times, outcome and who called' },
  { value: 'audited', label: 'All, before the call runs', hint: 'No call without its record' },
  { value: 'off', label: 'Nothing', hint: 'No runs: alerts and statistics do not know its calls' },
] as const;
const DOCS = [
  { value: 'auto', label: 'For its callers', hint: 'For all where anybody may call' },
  { value: 'public', label: 'For all' },
  { value: 'hidden', label: 'Not at all' },
] as const;

/** Name of an endpoint, rights of its code, and the calls and responses that it takes. */
export default function EditSettings({ endpoint }: { endpoint: Endpoint }) {
  return (
    <EditEndpoint
      endpoint={endpoint}
      title="Settings"
      what="the settings"
      labels={LABELS}
      toValues={toSettings}
      toBody={fromSettings}
    >
      {(form, reason) => <SettingFields form={form} isReadOnly={reason !== undefined} />}
    </EditEndpoint>
  );
}

function SettingFields({ form, isReadOnly }: { form: Form<Settings>; isReadOnly: boolean }) {
  const { values, set, field } = form;
  const text = (name: 'path' | 'title' | 'description' | 'folder', hint?: string) => (
    <TextField
      label={LABELS[name]}
      isReadOnly={isReadOnly}
      {...field(name)}
      {...(hint === undefined ? {} : { hint })}
      {...(name === 'path' ? { before: '/u/' } : {})}
    />
  );
  const lines = (name: 'egress' | 'origins' | 'types' | 'headers' | 'redirects', pointer: string, hint: string) => (
    <TextField label={LABELS[name]} hint={hint} rows={2} isCode isReadOnly={isReadOnly} {...field(name, pointer)} />
  );
  const check = (name: 'hasSubpaths' | 'isStrict', said: string) => (
    <CheckField isSelected={values[name]} isDisabled={isReadOnly} onChange={(isOn) => set(name, isOn)}>
      {said}
    </CheckField>
  );
  return (
    <>
      {text('path', 'A new path moves the URL: the old one answers 404')}
      {text('title')}
      {text('description')}
      {text('folder')}
      <SelectSeveralField
        label={LABELS.methods}
        placeholder="none"
        options={METHOD_OPTIONS}
        isDisabled={isReadOnly}
        {...field('methods')}
      />
      <FieldGroup title="Its code">
        <ChoosePerson
          label={LABELS.executor}
          hint="The user whose rights to tables, secrets and graphs the code has"
          isDisabled={isReadOnly}
          {...field('executor')}
        />
        <RadioField label={LABELS.instance} options={INSTANCES} isDisabled={isReadOnly} {...field('instance')} />
        <ChooseSecrets
          label={LABELS.secrets}
          hint="The code gets them as ctx.env.NAME"
          isDisabled={isReadOnly}
          {...field('secrets')}
        />
        {lines('egress', '/egress', 'One a line: api.example.com, or *.example.com. Empty: no network')}
        <SelectField label={LABELS.log} options={LOGS} isDisabled={isReadOnly} {...field('log')} />
      </FieldGroup>
      <FieldGroup title="Calls">
        {check('hasSubpaths', 'Paths below it call it too')}
        {check('isStrict', 'Refuse body fields that no parameter declares')}
        {lines(
          'origins',
          '/cors/origins',
          'One a line: https://app.example.com, or *. Empty: pages of this origin only',
        )}
      </FieldGroup>
      <FieldGroup title="Responses">
        {lines('types', '/response/types', 'One a line. What a browser executes, such as text/html, needs an admin')}
        {lines('headers', '/response/headers', 'Besides the usual ones and x-*, one a line')}
        {lines('redirects', '/response/redirects', 'Besides this service, one a line: shop.example.com')}
      </FieldGroup>
      <FieldGroup title="Who finds it">
        <SelectField label={LABELS.docs} options={DOCS} isDisabled={isReadOnly} {...field('docs')} />
        <ToolFields form={form} isReadOnly={isReadOnly} />
      </FieldGroup>
    </>
  );
}
