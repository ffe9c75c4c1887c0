import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRights } from '../../api/session';
import { printable } from '../../kit/json-tree.rules';
import { userQueries } from './user.queries';

/** Leads to a person, where the user may see people. */
export function PersonLink({ id, name = id }: { id: string; name?: string | undefined }) {
  const { may } = useRights();
  return may('user.read') && id.startsWith('usr_') ? (
    <Link to="/people/$id" params={{ id }}>
      {printable(name)}
    </Link>
  ) : (
    printable(name)
  );
}

/** Returns the name of a person once it is read; the id until then, for others than people, and where the user may not see people. */
export function usePersonName(id: string): string {
  const { may } = useRights();
  const { data } = useQuery({ ...userQueries.one(id), enabled: may('user.read') && id.startsWith('usr_') });
  return data?.name ?? id;
}

/** Leads to a person by name, where only the id is known. Rows with the same person share one request. */
export const Person = ({ id }: { id: string }) => <PersonLink id={id} name={usePersonName(id)} />;
