import { useInfiniteQuery } from '@tanstack/react-query';
import { useRights } from '../../api/session';
import { TextField } from '../../kit/field';
import type { FieldOf } from '../../kit/form';
import { SelectField } from '../../kit/select-field';
import { secretQueries } from './secret.queries';

interface ChooseSecretProps extends FieldOf<string> {
  label: string;
  hint: string;
  isDisabled?: boolean;
}

/** A choice of one secret, by its name. Users who may not list secrets type it. */
export function ChooseSecret({ hint, isDisabled = false, ...field }: ChooseSecretProps) {
  const { may } = useRights();
  const { data } = useInfiniteQuery({ ...secretQueries.list, enabled: may('secret.read') });
  const known = (data?.pages ?? []).flatMap(({ items }) => items.map(({ name }) => name));
  const names = field.value === '' || known.includes(field.value) ? known : [field.value, ...known];
  if (!may('secret.read')) return <TextField {...field} hint={hint} isCode isReadOnly={isDisabled} />;
  return (
    <SelectField
      {...field}
      hint={known.length === 0 ? 'There is no secret yet: make one under Secrets' : hint}
      options={names.map((name) => ({ value: name, label: name }))}
      isDisabled={isDisabled}
    />
  );
}
