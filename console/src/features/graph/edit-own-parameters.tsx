import { Plus, X } from 'lucide-react';
import type { Node } from '../../../../src/plynx/document/node.schema';
import type { GraphParameterType, ParameterValue } from '../../../../src/plynx/document/parameter.schema';
import { Button } from '../../kit/button';
import { FieldGroup } from '../../kit/field-group';
import { TextField } from '../../kit/field';
import type { Form } from '../../kit/form';
import { SelectField } from '../../kit/select-field';
import { freeName } from './edit-ports';
import { ParameterField } from './node-parameters';
import styles from './graph.module.css';

const STARTS: Record<GraphParameterType, ParameterValue> = {
  str: '',
  text: '',
  int: 0,
  bool: false,
  list_str: [],
  list_int: [],
  enum: { values: [], index: -1 },
  code: { value: '', mode: 'python' },
};
const TYPES = Object.keys(STARTS) as GraphParameterType[];

/** The parameters that an author adds, with their default values. */
export function EditOwnParameters({ values: { parameters }, set }: Pick<Form<Node>, 'values' | 'set'>) {
  const replace = (at: number, part: Partial<Node['parameters'][number]>): void =>
    set(
      'parameters',
      parameters.map((one, index) => (index === at ? { ...one, ...part } : one)),
    );
  const add = (): void =>
    set('parameters', [
      ...parameters,
      {
        name: freeName('param', parameters),
        parameter_type: 'str',
        value: '',
        mutable_type: true,
        removable: true,
        publicable: true,
        widget: null,
      },
    ]);
  return (
    <FieldGroup title="Parameters">
      {parameters.map(
        (parameter, at) =>
          parameter.removable && (
            <div key={at} className={styles.parameter}>
              <div className={styles.pair}>
                <TextField label="Name" isCode value={parameter.name} onChange={(name) => replace(at, { name })} />
                <SelectField
                  label="Type"
                  value={parameter.parameter_type}
                  options={TYPES.map((value) => ({ value, label: value }))}
                  onChange={(parameter_type) => replace(at, { parameter_type, value: STARTS[parameter_type] })}
                />
                <Button
                  tone="quiet"
                  icon={<X />}
                  aria-label={`Remove the parameter ${parameter.name}`}
                  onPress={() => set('parameters', parameters.toSpliced(at, 1))}
                />
              </div>
              {typeof parameter.value === 'object' && 'index' in parameter.value && (
                <TextField
                  label={`Values of ${parameter.name}`}
                  rows={3}
                  hint="One value a line"
                  value={parameter.value.values.join('\n')}
                  onChange={(text) =>
                    replace(at, { value: { values: text === '' ? [] : text.split('\n'), index: -1 } })
                  }
                />
              )}
              <ParameterField
                parameter={{ ...parameter, name: `Default of ${parameter.name}` }}
                isEditable
                onChange={(value) => replace(at, { value })}
              />
            </div>
          ),
      )}
      <p>
        <Button icon={<Plus />} onPress={add}>
          Parameter
        </Button>
      </p>
    </FieldGroup>
  );
}
