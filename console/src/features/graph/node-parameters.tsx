import type { Node } from '../../../../src/plynx/document/node.schema';
import type { GraphParameter, ParameterValue } from '../../../../src/plynx/document/parameter.schema';
import { CheckField } from '../../kit/choice-field';
import { CodeBlock } from '../../kit/code-block';
import { TextField } from '../../kit/field';
import { printable } from '../../kit/json-tree.rules';
import { SelectField } from '../../kit/select-field';
import { ScriptField } from './script-field';
import { replaceIn } from './graph-document.rules';
import { parameterText, readParameterText } from './parameter-text.rules';
import type { GraphEditor } from './use-graph-editor';
import styles from './graph.module.css';

/** The names that PLynx's operations have by themselves, as people read them. */
const LABELS: Record<string, string> = { cmd: 'Command', cacheable: 'Cacheable', _timeout: 'Timeout, minutes' };

/** The parameters of a node. Public ones are set by callers of the published graph. */
export function NodeParameters({ node, editor }: { node: Node; editor: GraphEditor }) {
  const { doc, set, isEditable } = editor;
  if (node.parameters.length === 0) return null;
  const replace = (name: string, part: Partial<GraphParameter>): void =>
    set(
      replaceIn(doc, node._id, {
        parameters: node.parameters.map((one) => (one.name === name ? { ...one, ...part } : one)),
      }),
      `parameter ${node._id} ${name}`,
    );
  return (
    <>
      <h3>Parameters</h3>
      {node.parameters.map((parameter) => (
        <div key={parameter.name} className={styles.parameter}>
          <ParameterField
            parameter={parameter}
            isEditable={isEditable}
            onChange={(value) => replace(parameter.name, { value })}
          />
          {parameter.publicable && (isEditable || parameter.widget !== null) && (
            <TextField
              label={`Public name of ${LABELS[parameter.name] ?? parameter.name}`}
              hint="Callers of the published graph set it by this name; empty: they cannot"
              isReadOnly={!isEditable}
              value={parameter.widget?.alias ?? ''}
              onChange={(alias) => replace(parameter.name, { widget: alias === '' ? null : { alias } })}
            />
          )}
        </div>
      ))}
    </>
  );
}

interface ParameterFieldProps {
  parameter: GraphParameter;
  isEditable: boolean;
  onChange: (value: ParameterValue) => void;
}

/** The field of a parameter, by its type. */
export function ParameterField({ parameter, isEditable, onChange }: ParameterFieldProps) {
  const { name, parameter_type: type, value } = parameter;
  const label = LABELS[name] ?? printable(name);
  const text = parameterText(parameter);
  if (typeof value === 'object' && 'mode' in value && !isEditable)
    return (
      <div>
        <strong>{label}</strong>
        <CodeBlock text={printable(value.value)} what={label} />
      </div>
    );
  if (type === 'bool')
    return (
      <CheckField isSelected={Boolean(value)} isDisabled={!isEditable} onChange={onChange}>
        {label}
      </CheckField>
    );
  if (typeof value === 'object' && 'index' in value)
    return (
      <SelectField
        label={label}
        isDisabled={!isEditable}
        value={String(value.index)}
        options={[
          { value: '-1', label: 'none' },
          ...value.values.map((one, at) => ({ value: String(at), label: printable(one) })),
        ]}
        onChange={(index) => onChange({ ...value, index: index === '-1' ? -1 : index })}
      />
    );
  if (typeof value === 'object' && 'mode' in value)
    return (
      <ScriptField
        label={label}
        mode={value.mode}
        value={value.value}
        onChange={(next) => onChange({ ...value, value: next })}
      />
    );
  const isLong = type === 'text' || type.startsWith('list_');
  const read = readParameterText(parameter, text);
  return (
    <TextField
      label={label}
      isReadOnly={!isEditable}
      {...(isLong && { rows: 3 })}
      {...(type.startsWith('list_') && { hint: 'One value a line' })}
      error={read === null ? 'must be a whole number' : undefined}
      value={text}
      onChange={(next) => onChange(readParameterText(parameter, next) ?? next)}
    />
  );
}
