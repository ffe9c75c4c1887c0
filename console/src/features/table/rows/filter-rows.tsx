import { X } from 'lucide-react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { Button } from '../../../kit/button';
import { TextField } from '../../../kit/field';
import { printable } from '../../../kit/json-tree.rules';
import { Notice } from '../../../kit/notice';
import { SelectField } from '../../../kit/select-field';
import type { GridColumn } from './grid-row';
import styles from './grid.module.css';
import { conditionText, OPERATORS, parseWhere, printWhere, toCondition, type Operator } from './row-filter.rules';

interface FilterRowsProps {
  columns: readonly GridColumn[];
  where: string | undefined;
  onChange: (where: string | undefined) => void;
}

/** The conditions of the rows: those of the address, and a form that adds one. */
export function FilterRows({ columns, where, onChange }: FilterRowsProps) {
  const conditions = parseWhere(where);
  const [field, setField] = useState(columns[0]!.name);
  const [op, setOp] = useState<Operator>('eq');
  const [text, setText] = useState('');
  const column = columns.find(({ name }) => name === field) ?? columns[0]!;
  const add = (): void => {
    onChange(printWhere([...(conditions ?? []), toCondition(column.name, column.type, op, text)]));
    setText('');
  };
  return (
    <search aria-label="Filter rows">
      <Form
        className={styles.bar}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <SelectField
          label="Column"
          isLabelHidden
          value={column.name}
          options={columns.map(({ name }) => ({ value: name, label: name }))}
          onChange={setField}
        />
        <SelectField label="Comparison" isLabelHidden value={op} options={OPERATORS} onChange={setOp} />
        {op !== 'isNull' && (
          <TextField label="Value" isLabelHidden type="search" placeholder="Value" value={text} onChange={setText} />
        )}
        <Button type="submit">Filter</Button>
        {conditions?.map((condition, i) => {
          const words = printable(conditionText(condition));
          return (
            <Button
              key={words}
              aria-label={`Remove the filter ${words}`}
              icon={<X />}
              onPress={() => onChange(printWhere(conditions.filter((_, at) => at !== i)))}
            >
              {words}
            </Button>
          );
        })}
      </Form>
      {conditions === null && <Notice tone="warn">The address has conditions that only the service can read.</Notice>}
    </search>
  );
}
