import { Link } from '@tanstack/react-router';
import { useRights } from '../../api/session';
import { printable } from '../../kit/json-tree.rules';

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
