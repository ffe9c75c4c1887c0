import { Badge } from '../../kit/badge';
import { Time } from '../../kit/time';
import type { Key } from './key.queries';

/** State of a key: whether it opens anything at the moment. */
export const KeyState = ({ value: { active, expiresAt } }: { value: Pick<Key, 'active' | 'expiresAt'> }) => {
  if (!active) return <Badge>off</Badge>;
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) return <Badge tone="bad">expired</Badge>;
  return <Badge tone="good">valid</Badge>;
};

export const KeyExpiry = ({ expiresAt }: Pick<Key, 'expiresAt'>) =>
  expiresAt === null ? 'never' : <Time at={expiresAt} />;
