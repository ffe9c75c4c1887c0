import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { leaveForProvider } from '../api/authorization';
import { call } from '../api/call';
import { Button } from '../kit/button';
import { Notice } from '../kit/notice';
import styles from './sign-in.module.css';

/** A button for each identity provider of the service; nothing where there is none, or they cannot be read: the password remains. */
export function ProviderButtons() {
  const { data } = useQuery({
    queryKey: ['offered-providers'],
    queryFn: ({ signal }) => call('GET /admin/session/providers', { isSilent: true, signal }),
  });
  const [leavingFor, setLeavingFor] = useState<string | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  if (data === undefined || data.items.length === 0) return null;
  const leave = (name: string): void => {
    setLeavingFor(name);
    setProblem(null);
    leaveForProvider(name).catch((error: Error) => {
      setLeavingFor(null);
      setProblem(error);
    });
  };
  return (
    <div className={styles.providers}>
      {data.items.map(({ name, label }) => (
        <Button
          key={name}
          isPending={leavingFor === name}
          isDisabled={leavingFor !== null && leavingFor !== name}
          onPress={() => leave(name)}
        >
          Sign in with {label}
        </Button>
      ))}
      {problem && <Notice tone="bad">{problem.message}</Notice>}
    </div>
  );
}
