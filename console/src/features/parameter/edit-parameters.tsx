import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../kit/button';
import { Notice } from '../../kit/notice';
import { EditEndpoint } from '../endpoint/edit-endpoint';
import type { Endpoint } from '../endpoint/endpoint.queries';
import { handlerQueries } from '../handler/handler.queries';
import { ParameterFields } from './parameter-fields';
import { fromRow, newRow, toRow, type Row } from './parameter-form.rules';

interface Values {
  parameters: Row[];
}
const toValues = ({ parameters }: Endpoint): Values => ({ parameters: parameters.map(toRow) });

/** The parameters of an endpoint: what callers send, how it is checked, and what a test run sends. */
export default function EditParameters({ endpoint }: { endpoint: Endpoint }) {
  const client = useQueryClient();
  const [renamed, setRenamed] = useState(0);
  return (
    <EditEndpoint
      endpoint={endpoint}
      title={({ parameters }) => `Parameters ${parameters.length}`}
      what="the parameters"
      labels={{ parameters: 'Parameters' }}
      width="wide"
      toValues={toValues}
      toBody={({ parameters }) => ({ parameters: parameters.map(fromRow) })}
      onSaved={(saved) => {
        setRenamed(saved.renamed?.length ?? 0);
        return client.invalidateQueries({ queryKey: handlerQueries.all });
      }}
      actions={({ values, set }, reason) => (
        <Button
          icon={<Plus />}
          reason={reason}
          onPress={() => set('parameters', [...values.parameters, newRow(values.parameters.length + 1)])}
        >
          Add a parameter
        </Button>
      )}
    >
      {(form) => {
        const rows = form.values.parameters;
        const write = (next: Row[]): void => form.set('parameters', next);
        return (
          <>
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
            {renamed > 0 && (
              <Notice tone="info">
                Renamed, with what follows it: {renamed} {renamed === 1 ? 'change' : 'changes'}. Look at the versions of
                the handler; callers may send either name.
              </Notice>
            )}
          </>
        );
      }}
    </EditEndpoint>
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
