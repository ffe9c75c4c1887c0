import type { RowsResult } from '../../storage/rows';
import type { TableRow } from '../../storage/tables';
import { Fault, type Offence } from '../errors';
import { invalidInput } from '../offences';
import type { Planned } from './query.rules';

/** The value of a statement that was carried out. 409 `value_taken`, with the column; 412 when the table was changed underneath. */
export function expectRows<T>(table: TableRow, result: RowsResult<T>): T {
  if (result.type === 'done') return result.value;
  if (result.type === 'gone')
    throw new Fault('stale_revision', `The table ${table.name} was changed or deleted meanwhile. Try again.`);
  const column = table.columns.find(({ key }) => key === result.key)?.name ?? 'id';
  const message = `another row has this ${column}`;
  throw new Fault('value_taken', `${table.name}: ${message}.`, {
    errors: [{ pointer: `#/${column}`, code: 'value_taken', message }],
  });
}

/** The plan of a change; 422 with every offence. */
export function expectPlan<T>(planned: Planned<T>): T {
  if ('offences' in planned) throw invalidInput(planned.offences);
  return planned.plan;
}

/** The plan of a question; 400 with every offence, since what is wrong with a question is its address. */
export function expectQuery<T>(planned: Planned<T>): T {
  if ('plan' in planned) return planned.plan;
  const errors = planned.offences.map((offence): Offence => ({
    ...offence,
    pointer: `#/query${offence.pointer.slice(1)}`,
  }));
  const { pointer, message } = planned.offences[0]!;
  throw new Fault('invalid_parameter', `${pointer.slice(2)}: ${message}`, { errors });
}
