import { ENDPOINT_PARAMETER_TYPES } from '../../../../src/core/parameters/parameter-type.rules';
import { Button } from '../../kit/button';
import { CheckField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { FieldGroup, FieldRow } from '../../kit/field-group';
import { SelectField } from '../../kit/select-field';
import { rulesOf, type Row, type RuleName } from './parameter-form.rules';
import styles from './parameter.module.css';

const PLACES = ['body', 'query', 'path', 'header'] as const;
const RULE_LABELS: Record<RuleName, string> = {
  min: 'Least',
  max: 'Most',
  minLength: 'Shortest',
  maxLength: 'Longest',
  pattern: 'Pattern',
  values: 'Values, a line each',
};
const options = <T extends string>(values: readonly T[]) => values.map((value) => ({ value, label: value }));

interface ParameterFieldsProps {
  row: Row;
  errorAt: (field: string) => string | undefined;
  onChange: (row: Row) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

/** The fields of one parameter; only the rules that its type has. */
export function ParameterFields({ row, errorAt, onChange, onMove, onRemove }: ParameterFieldsProps) {
  const set = (part: Partial<Row>): void => onChange({ ...row, ...part });
  const { name, type } = row;
  return (
    <FieldGroup title={name || 'Parameter'} isCode>
      <FieldRow>
        <TextField label="Name" isCode value={name} onChange={(next) => set({ name: next })} error={errorAt('/name')} />
        <SelectField
          label="Type"
          value={type}
          options={options(ENDPOINT_PARAMETER_TYPES)}
          onChange={(next) => set({ type: next })}
          error={errorAt('/type')}
        />
        <SelectField
          label="Sent in"
          value={row.in}
          options={options(PLACES)}
          onChange={(next) => set({ in: next })}
          error={errorAt('/in')}
        />
        <TextField
          label="Test value"
          isCode
          value={row.test}
          onChange={(test) => set({ test })}
          error={errorAt('/test')}
        />
        <TextField
          label="Default"
          isCode
          value={row.default}
          onChange={(next) => set({ default: next })}
          error={errorAt('/default')}
        />
        <TextField
          label="Sent as"
          hint="Where callers use another name"
          isCode
          value={row.sentAs}
          onChange={(sentAs) => set({ sentAs })}
          error={errorAt('/sentAs')}
        />
        {rulesOf(type).map((rule) => (
          <TextField
            key={rule}
            label={RULE_LABELS[rule]}
            isCode
            {...(rule === 'values' && { rows: 3 })}
            value={row.rules[rule]}
            onChange={(text) => set({ rules: { ...row.rules, [rule]: text } })}
            error={errorAt(`/${rule}`)}
          />
        ))}
        <TextField
          label="Description"
          value={row.description}
          onChange={(description) => set({ description })}
          error={errorAt('/description')}
        />
      </FieldRow>
      <div className={styles.bar}>
        <CheckField isSelected={row.required} onChange={(required) => set({ required })}>
          Required
        </CheckField>
        <CheckField isSelected={row.sensitive} onChange={(sensitive) => set({ sensitive })}>
          Sensitive: left out of runs
        </CheckField>
        <Button tone="quiet" aria-label={`Move ${name} up`} onPress={() => onMove(-1)}>
          Up
        </Button>
        <Button tone="quiet" aria-label={`Move ${name} down`} onPress={() => onMove(1)}>
          Down
        </Button>
        <Button tone="quiet" aria-label={`Remove ${name}`} onPress={onRemove}>
          Remove
        </Button>
      </div>
    </FieldGroup>
  );
}
