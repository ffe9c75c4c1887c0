import { Problem } from '../../api/problem';

export type NewLevel = 'key' | 'authenticated' | 'public';

/** Who may call a new endpoint. */
export const LEVELS: readonly { value: NewLevel; label: string; hint: string }[] = [
  { value: 'key', label: 'Keys', hint: 'Programs that send one of the keys below, as x-api-key' },
  { value: 'authenticated', label: 'Signed-in users', hint: 'Users and tokens of this service' },
  { value: 'public', label: 'Anybody', hint: 'Everyone who knows the URL' },
];

/** Returns the message of a path that another endpoint has. */
export const takenPath = (problem: Error | null): string | undefined =>
  problem instanceof Problem && problem.code === 'path_taken' ? problem.message : undefined;
