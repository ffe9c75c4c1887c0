import { useQuery } from '@tanstack/react-query';
import { useRights } from '../../api/session';
import { TextField } from '../../kit/field';
import type { FieldOf } from '../../kit/form';
import { SelectField } from '../../kit/select-field';
import { userQueries } from './user.queries';

interface ChoosePersonProps extends FieldOf<string> {
  label: string;
  hint: string;
  isDisabled: boolean;
}

/** A person, by id: from a list while there are at most 100, else by name or id. */
export function ChoosePerson({ label, hint, isDisabled, ...field }: ChoosePersonProps) {
  const { may } = useRights();
  const { data } = useQuery({ ...userQueries.choices, enabled: may('user.read') });
  const isKnown = data?.items.some(({ id }) => id === field.value);
  if (!data || data.nextCursor !== null || !isKnown)
    return <TextField label={label} hint={`${hint}. Name or id`} isReadOnly={isDisabled} {...field} />;
  return (
    <SelectField
      label={label}
      hint={hint}
      isDisabled={isDisabled}
      options={data.items.map(({ id, name }) => ({ value: id, label: name }))}
      {...field}
    />
  );
}
