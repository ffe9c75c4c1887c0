import { Badge } from '../../kit/badge';

/** Whether a user may sign in. */
export const PersonState = ({ isActive }: { isActive: boolean }) =>
  isActive ? <Badge tone="good">active</Badge> : <Badge>disabled</Badge>;
