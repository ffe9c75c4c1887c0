import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { sessionQuery } from './api/session';
import { Failed, Placeholder } from './kit/state';
import { SignIn } from './shell/sign-in';

const Console = lazy(() => import('./console'));

/** The form to sign in, or the console at the address of the browser. */
export function App() {
  const { data, error, isPending, refetch } = useQuery(sessionQuery);
  if (data === undefined && error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Placeholder what="the console" />;
  if (data === null || data === undefined) return <SignIn />;
  return (
    <Suspense fallback={<Placeholder what="the console" />}>
      <Console />
    </Suspense>
  );
}
