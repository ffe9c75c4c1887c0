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

/** Leads to a person by name, where only the id is known: shown until the name is read, and where the user may not see people. */
export function Person({ id }: { id: string }) {
  const { may } = useRights();
  const { data } = useQuery({ ...userQueries.one(id), enabled: may('user.read') && id.startsWith('usr_') });
  return <PersonLink id={id} name={data?.name} />;
}
