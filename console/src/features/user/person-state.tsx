import { Badge } from '../../kit/badge';

/** State of a user: whether they may sign in. */
export const PersonState = ({ isActive }: { isActive: boolean }) =>
  isActive ? <Badge tone="good">active</Badge> : <Badge>disabled</Badge>;
