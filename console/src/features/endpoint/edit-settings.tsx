import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { SelectSeveralField } from '../../kit/select-field';
import { EditEndpoint } from './edit-endpoint';
import type { Endpoint } from './endpoint.queries';
import { METHOD_OPTIONS } from './method-options.rules';

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
const toValues = ({ path, title, description, folder, methods, executor, instance }: Endpoint) => ({
  path,
  title,
  description,
  folder,
  methods,
  executor,
  instance,
});
const LABELS = {
  path: 'Path',
  title: 'Title',
  description: 'Description',
  folder: 'Folder',
  methods: 'Methods',
  executor: 'Executor',
  instance: 'Instance',
};

/** Path, names, methods, executor and instance of an endpoint. */
export default function EditSettings({ endpoint }: { endpoint: Endpoint }) {
  return (
    <EditEndpoint
      endpoint={endpoint}
      title="Settings"
      what="the settings"
      labels={LABELS}
      toValues={toValues}
      toBody={(values) => values}
    >
      {(form, reason) => {
        const text = (name: 'path' | 'title' | 'description' | 'folder' | 'executor', hint?: string) => (
          <TextField
            label={LABELS[name]}
            isReadOnly={reason !== undefined}
            {...form.field(name)}
            {...(hint === undefined ? {} : { hint })}
            {...(name === 'path' ? { before: '/u/' } : {})}
          />
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
              isDisabled={reason !== undefined}
              {...form.field('methods')}
            />
            {text('executor', 'The user, by name or id, whose rights to tables, secrets and graphs the code has')}
            <RadioField
              label={LABELS.instance}
              options={INSTANCES}
              isDisabled={reason !== undefined}
              {...form.field('instance')}
            />
          </>
        );
      }}
    </EditEndpoint>
  );
}
