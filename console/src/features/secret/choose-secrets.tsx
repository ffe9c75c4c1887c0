import { useInfiniteQuery } from '@tanstack/react-query';
import { useRights } from '../../api/session';
import { TextField } from '../../kit/field';
import type { FieldOf } from '../../kit/form';
import { SelectField, SelectSeveralField } from '../../kit/select-field';
import { fromLines, toLines } from '../../kit/text-values.rules';
import { secretQueries } from './secret.queries';

/** Names of secrets that the user may choose, with those that are chosen already. Null: they may not list secrets, and type names. */
function useNames(chosen: readonly string[]): { known: number; names: string[] } | null {
  const { may } = useRights();
  const { data } = useInfiniteQuery({ ...secretQueries.list, enabled: may('secret.read') });
  if (!may('secret.read')) return null;
  const known = (data?.pages ?? []).flatMap(({ items }) => items.map(({ name }) => name));
  return { known: known.length, names: [...new Set([...chosen, ...known])] };
}
const NONE = 'There is no secret yet: make one under Secrets';
const toOptions = (names: readonly string[]) => names.map((name) => ({ value: name, label: name }));

interface ChooseProps {
  label: string;
  hint: string;
  isDisabled?: boolean;
}

/** A choice of one secret, by its name. */
export function ChooseSecret({ hint, isDisabled = false, ...field }: ChooseProps & FieldOf<string>) {
  const found = useNames(field.value === '' ? [] : [field.value]);
  if (found === null) return <TextField {...field} hint={hint} isCode isReadOnly={isDisabled} />;
  return (
    <SelectField
      {...field}
      hint={found.known === 0 ? NONE : hint}
      options={toOptions(found.names)}
      isDisabled={isDisabled}
    />
  );
}

/** A choice of several secrets. */
export function ChooseSecrets({ hint, isDisabled = false, ...field }: ChooseProps & FieldOf<string[]>) {
  const found = useNames(field.value);
  if (found === null)
    return (
      <TextField
        {...field}
        value={toLines(field.value)}
        onChange={(text) => field.onChange(fromLines(text))}
        hint={hint}
        rows={2}
        isCode
        isReadOnly={isDisabled}
      />
    );
  return (
    <SelectSeveralField
      {...field}
      hint={found.known === 0 ? NONE : hint}
      placeholder="none"
      options={toOptions(found.names)}
      isDisabled={isDisabled}
    />
  );
}
