import { useEffect, useState } from 'react';
import { Form } from 'react-aria-components';
import { takeArrival } from '../api/authorization';
import { hasPasskeys, passkeyMessage } from '../api/passkey';
import { Problem } from '../api/problem';
import { signIn, type Credentials } from '../api/session';
import { Button } from '../kit/button';
import { TextField } from '../kit/field';
import { useForm } from '../kit/form';
import { Notice } from '../kit/notice';
import { ProviderButtons } from './provider-buttons';
import styles from './sign-in.module.css';

/** The code of a link that `npm start` prints; null without one. It leaves the address at once. */
function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}
const code = takeCode();
const arrival = takeArrival();
/** Proof that signs the user in without a password; a text: the reason of a failure; null: none. */
const given: Credentials | string | null = code === null ? arrival : { code };

/** The page to sign in. The address stays: the user gets to where they wanted to go. */
export function SignIn() {
  useEffect(() => {
    document.title = 'Sign in · Portico';
  }, []);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <h1>Sign in to Portico</h1>
        {typeof given === 'string' && <Notice tone="warn">{given}</Notice>}
        {given === null || typeof given === 'string' ? <Ways /> : <Arriving credentials={given} />}
      </div>
    </main>
  );
}

/** Every way to sign in. `name` is that of the user whose session is over. */
export function Ways({ name }: { name?: string }) {
  return (
    <>
      <PasswordForm {...(name === undefined ? {} : { name })} />
      <ProviderButtons />
    </>
  );
}

/** Signs in by what the address had; when it does not work, shows the other ways. */
function Arriving({ credentials }: { credentials: Credentials }) {
  const [problem, setProblem] = useState<Error | null>(null);
  useEffect(() => {
    signIn(credentials).catch((error: Error) => setProblem(error));
  }, [credentials]);
  if (problem === null) return <p role="status">Signing you in …</p>;
  return (
    <>
      <Notice tone="warn">{problem.message}</Notice>
      <Ways />
    </>
  );
}

function PasswordForm({ name }: { name?: string }) {
  const form = useForm({ name: name ?? '', password: '' });
  const { values, set } = form;
  return (
    <Form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void form.send(signIn);
      }}
    >
      <TextField
        label="Name"
        autoComplete="username"
        autoFocus={name === undefined}
        value={values.name}
        onChange={(value) => set('name', value)}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        autoFocus={name !== undefined}
        value={values.password}
        onChange={(value) => set('password', value)}
      />
      {form.problem && <Notice tone="bad">{messageOf(form.problem)}</Notice>}
      <Button
        type="submit"
        tone="primary"
        isPending={form.isPending}
        isDisabled={values.name === '' || values.password === ''}
      >
        Sign in
      </Button>
      {hasPasskeys() && <PasskeyButton />}
    </Form>
  );
}

function PasskeyButton() {
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);
  const enter = async (): Promise<void> => {
    setPending(true);
    setProblem(null);
    await signIn('passkey').catch((error: unknown) => setProblem(passkeyMessage(error)));
    setPending(false);
  };
  return (
    <>
      {problem !== null && <Notice tone="bad">{problem}</Notice>}
      <Button isPending={isPending} onPress={() => void enter()}>
        Use a passkey
      </Button>
    </>
  );
}

const messageOf = (problem: Error): string =>
  problem instanceof Problem && problem.status === 404 ? 'This service has no API at this address.' : problem.message;
