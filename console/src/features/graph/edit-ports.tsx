import { Plus, X } from 'lucide-react';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { Button } from '../../kit/button';
import { FieldGroup } from '../../kit/field-group';
import { TextField } from '../../kit/field';
import type { Form } from '../../kit/form';
import { SelectField } from '../../kit/select-field';
import { FILE_TYPE_NAMES } from './file-types.rules';
import styles from './graph.module.css';

type Values = Pick<Form<Node>, 'values' | 'set'>;
const TYPES = FILE_TYPE_NAMES.map((value) => ({ value: value as string, label: value as string }));
const COUNTS = [
  { value: '1 1', label: 'one file' },
  { value: '0 1', label: 'one file or none' },
  { value: '1 -1', label: 'one file or more' },
  { value: '0 -1', label: 'any number of files' },
];

const replaceAt = <T,>(list: readonly T[], at: number, part: Partial<T>): T[] =>
  list.map((one, index) => (index === at ? { ...one, ...part } : one));

/** The inputs and outputs of an operation. */
export const EditPorts = ({ values, set }: Values) => (
  <>
    <FieldGroup title="Inputs">
      {values.inputs.map((input, at) => (
        <div key={at} className={styles.pair}>
          <TextField
            label="Name"
            isCode
            value={input.name}
            onChange={(name) => set('inputs', replaceAt(values.inputs, at, { name }))}
          />
          <SelectField
            label="Type"
            value={input.file_types[0] ?? 'file'}
            options={TYPES}
            onChange={(type) => set('inputs', replaceAt(values.inputs, at, { file_types: [type] }))}
          />
          <SelectField
            label="Takes"
            value={`${input.min_count} ${input.max_count}`}
            options={COUNTS}
            onChange={(counts) => {
              const [min_count, max_count] = counts.split(' ').map(Number) as [number, number];
              set('inputs', replaceAt(values.inputs, at, { min_count, max_count }));
            }}
          />
          <Button
            tone="quiet"
            icon={<X />}
            aria-label={`Remove the input ${input.name}`}
            onPress={() => set('inputs', values.inputs.toSpliced(at, 1))}
          />
        </div>
      ))}
      <p>
        <Button
          icon={<Plus />}
          onPress={() =>
            set('inputs', [
              ...values.inputs,
              { name: freeName('in', values.inputs), file_types: ['file'], values: [], min_count: 1, max_count: 1 },
            ])
          }
        >
          Input
        </Button>
      </p>
    </FieldGroup>
    <FieldGroup title="Outputs">
      {values.outputs.map((output, at) => (
        <div key={at} className={styles.pair}>
          <TextField
            label="Name"
            isCode
            value={output.name}
            onChange={(name) => set('outputs', replaceAt(values.outputs, at, { name }))}
          />
          <SelectField
            label="Type"
            value={output.file_type}
            options={TYPES}
            onChange={(file_type) => set('outputs', replaceAt(values.outputs, at, { file_type }))}
          />
          <Button
            tone="quiet"
            icon={<X />}
            aria-label={`Remove the output ${output.name}`}
            onPress={() => set('outputs', values.outputs.toSpliced(at, 1))}
          />
        </div>
      ))}
      <p>
        <Button
          icon={<Plus />}
          onPress={() =>
            set('outputs', [
              ...values.outputs,
              { name: freeName('out', values.outputs), file_type: 'file', resource_id: null },
            ])
          }
        >
          Output
        </Button>
      </p>
    </FieldGroup>
  </>
);

/** Returns a name that none of the list has: `in`, then `in2`. */
export function freeName(start: string, taken: readonly { name: string }[]): string {
  const names = new Set(taken.map(({ name }) => name));
  for (let count = 1; ; count++) {
    const name = count === 1 ? start : `${start}${count}`;
    if (!names.has(name)) return name;
  }
}
