import { useQueryClient } from '@tanstack/react-query';
import { Form } from 'react-aria-components';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { Conflict } from '../../kit/conflict';
import { TextField } from '../../kit/field';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { useRevisedForm } from '../../kit/revised-form';
import { SelectSeveralField } from '../../kit/select-field';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import styles from './endpoint.module.css';
import { endpointQueries, type Endpoint } from './endpoint.queries';

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
const METHODS: readonly Endpoint['methods'][number][] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const METHOD_OPTIONS = METHODS.map((value) => ({ value, label: value }));

const toValues = ({ path, title, description, folder, methods, executor, instance, limits }: Endpoint) => ({
  path,
  title,
  description,
  folder,
  methods,
  executor,
  instance,
  timeoutMs: String(limits.timeoutMs),
});
type Values = ReturnType<typeof toValues>;
const LABELS: Record<keyof Values, string> = {
  path: 'Path',
  title: 'Title',
  description: 'Description',
  folder: 'Folder',
  methods: 'Methods',
  executor: 'Executor',
  instance: 'Instance',
  timeoutMs: 'Time limit (ms)',
};

/** Path, names, methods, executor, instance and time limit of an endpoint. */
export default function EditSettings({ endpoint }: { endpoint: Endpoint }) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const { id } = endpoint;
  const edited = useRevisedForm({
    object: endpoint,
    toValues,
    save: ({ timeoutMs, ...body }, revision): Promise<Endpoint> =>
      call('PATCH /admin/endpoints/:id', {
        params: { id },
        body: { ...body, limits: { timeoutMs: Number(timeoutMs) } },
        ifMatch: revision,
      }),
    reread: () => client.fetchQuery({ ...endpointQueries.one(id), staleTime: 0 }),
  });
  const { form, base, theirs } = edited;
  const { values, set, errorAt } = form;
  const save = async (): Promise<void> => {
    if (!(await edited.save())) return;
    toastDone('Saved the settings.');
    await client.invalidateQueries({ queryKey: endpointQueries.all });
  };
  const reason = whyNot('endpoint.write');
  useActions(reason ? [] : [{ id: 'save', label: 'Save the settings', keys: 'Mod+S', run: () => void save() }]);
  const text = (name: 'path' | 'title' | 'description' | 'folder' | 'executor' | 'timeoutMs', hint?: string) => (
    <TextField
      label={LABELS[name]}
      isReadOnly={reason !== undefined}
      value={values[name]}
      onChange={(value) => set(name, value)}
      error={errorAt(name === 'timeoutMs' ? '/limits/timeoutMs' : `/${name}`)}
      {...(hint === undefined ? {} : { hint })}
      {...(name === 'path' ? { before: '/u/' } : {})}
      {...(name === 'timeoutMs' ? { type: 'number' as const } : {})}
    />
  );
  return (
    <Section title="Settings">
      <Form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {text('path', 'A new path moves the URL: the old one answers 404')}
        {text('title')}
        {text('description')}
        {text('folder')}
        <SelectSeveralField
          label={LABELS.methods}
          placeholder="none"
          value={values.methods}
          options={METHOD_OPTIONS}
          isDisabled={reason !== undefined}
          onChange={(methods) => set('methods', methods)}
          error={errorAt('/methods')}
        />
        {text('executor', 'The user, by name or id, whose rights to tables, secrets and graphs the code has')}
        <RadioField
          label={LABELS.instance}
          value={values.instance}
          options={INSTANCES}
          isDisabled={reason !== undefined}
          onChange={(instance) => set('instance', instance)}
          error={errorAt('/instance')}
        />
        {text('timeoutMs')}
        {form.problem && theirs === null && errorAt('') === undefined && (
          <Notice tone="bad">{form.problem.message}</Notice>
        )}
        <p className={styles.bar}>
          <Button type="submit" tone="primary" reason={reason} isPending={form.isPending}>
            Save
          </Button>
          <span role="status">{form.isChanged ? 'Not saved' : ''}</span>
        </p>
      </Form>
      {theirs && (
        <Conflict
          what={`/u/${endpoint.path}`}
          labels={LABELS}
          base={toValues(base)}
          mine={values}
          theirs={toValues(theirs)}
          onCancel={edited.cancel}
          onResolve={edited.resolve}
        />
      )}
    </Section>
  );
}
