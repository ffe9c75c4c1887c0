import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { Conflict } from '../../kit/conflict';
import { Notice } from '../../kit/notice';
import { Section } from '../../kit/page';
import { useRevisedForm } from '../../kit/revised-form';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { endpointQueries, type Endpoint } from '../endpoint/endpoint.queries';
import { handlerQueries } from '../handler/handler.queries';
import { ParameterFields } from './parameter-fields';
import { fromRow, newRow, toRow, type Row } from './parameter-form.rules';
import styles from './parameter.module.css';

interface Values {
  parameters: Row[];
}
const toValues = ({ parameters }: Endpoint): Values => ({ parameters: parameters.map(toRow) });

/** The parameters of an endpoint: what callers send, how it is checked, and what a test run sends. */
export default function EditParameters({ endpoint }: { endpoint: Endpoint }) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const { id } = endpoint;
  const [renamed, setRenamed] = useState(0);
  const edited = useRevisedForm({
    object: endpoint,
    toValues,
    save: async ({ parameters }, revision): Promise<Endpoint> => {
      const saved = await call('PATCH /admin/endpoints/:id', {
        params: { id },
        body: { parameters: parameters.map(fromRow) },
        ifMatch: revision,
      });
      setRenamed(saved.renamed?.length ?? 0);
      return saved;
    },
    reread: () => client.fetchQuery({ ...endpointQueries.one(id), staleTime: 0 }),
  });
  const { form, base, theirs } = edited;
  const rows = form.values.parameters;
  const write = (next: Row[]): void => form.set('parameters', next);
  const save = async (): Promise<void> => {
    if (!(await edited.save())) return;
    toastDone('Saved the parameters.');
    await client.invalidateQueries({ queryKey: endpointQueries.all });
    await client.invalidateQueries({ queryKey: handlerQueries.all });
  };
  const reason = whyNot('endpoint.write');
  useActions(reason ? [] : [{ id: 'save', label: 'Save the parameters', keys: 'Mod+S', run: () => void save() }]);
  return (
    <Section title={`Parameters ${rows.length}`}>
      <Form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {rows.length === 0 && <p>None: fields of the body reach the handler as they are sent, unchecked.</p>}
        {rows.map((row, index) => (
          <ParameterFields
            // A new one has no id yet.
            key={row.id ?? `new ${index}`}
            row={row}
            errorAt={(field) => form.errorAt(`/parameters/${index}${field}`)}
            onChange={(next) => write(rows.map((one, i) => (i === index ? next : one)))}
            onMove={(by) => write(moved(rows, index, by))}
            onRemove={() => write(rows.filter((_, i) => i !== index))}
          />
        ))}
        {form.problem && theirs === null && <Notice tone="bad">{form.problem.message}</Notice>}
        {renamed > 0 && (
          <Notice tone="info">
            Renamed, with what follows it: {renamed} {renamed === 1 ? 'change' : 'changes'}. Look at the versions of the
            handler; callers may send either name.
          </Notice>
        )}
        <p className={styles.bar}>
          <Button icon={<Plus />} reason={reason} onPress={() => write([...rows, newRow(rows.length + 1)])}>
            Add a parameter
          </Button>
          <Button type="submit" tone="primary" reason={reason} isPending={form.isPending}>
            Save
          </Button>
          <span role="status">{form.isChanged ? 'Not saved' : ''}</span>
        </p>
      </Form>
      {theirs && (
        <Conflict
          what={`/u/${endpoint.path}`}
          labels={{ parameters: 'Parameters' }}
          base={toValues(base)}
          mine={form.values}
          theirs={toValues(theirs)}
          onCancel={edited.cancel}
          onResolve={edited.resolve}
        />
      )}
    </Section>
  );
}

/** Returns the list with one of its items at another place. */
function moved(rows: readonly Row[], index: number, by: 1 | -1): Row[] {
  const to = index + by;
  if (to < 0 || to >= rows.length) return [...rows];
  const next = [...rows];
  next.splice(to, 0, ...next.splice(index, 1));
  return next;
}
