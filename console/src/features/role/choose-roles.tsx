import { useInfiniteQuery } from '@tanstack/react-query';
import { useRights } from '../../api/session';
import { SelectSeveralField } from '../../kit/select-field';
import { roleQueries } from './role.queries';

interface ChooseRolesProps {
  label: string;
  hint?: string;
  /** Said while none is chosen. */
  placeholder: string;
  value: readonly string[];
  onChange: (names: string[]) => void;
  error?: string | undefined;
  isDisabled?: boolean;
}

/** A choice of roles. One that was chosen before stays in the list, whatever the service lists now. */
export function ChooseRoles({ value, ...field }: ChooseRolesProps) {
  const { may } = useRights();
  const { data } = useInfiniteQuery({ ...roleQueries.list, enabled: may('role.read') });
  const roles = (data?.pages ?? []).flatMap(({ items }) => items);
  const known = roles.map(({ name, description }) => ({ value: name, label: name, hint: description }));
  const others = value.filter((name) => !roles.some((role) => role.name === name));
  return (
    <SelectSeveralField
      {...field}
      value={value}
      options={[...known, ...others.map((name) => ({ value: name, label: name }))]}
    />
  );
}
