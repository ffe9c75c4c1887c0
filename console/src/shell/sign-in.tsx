import { useEffect, useState } from 'react';
import { Form } from 'react-aria-components';
import { Problem } from '../api/problem';
import { signIn } from '../api/session';
import { Button } from '../kit/button';
import { TextField } from '../kit/field';
import { useForm } from '../kit/form';
import { Notice } from '../kit/notice';
import styles from './sign-in.module.css';

/** The code of a link that `npm start` prints; null without one. It leaves the address at once. */
function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}
const code = takeCode();

/** The page to sign in. The address stays: the user gets to where they wanted to go. */
export function SignIn() {
  useEffect(() => {
    document.title = 'Sign in · Portico';
  }, []);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <h1>Sign in to Portico</h1>
        {code === null ? <PasswordForm /> : <CodeForm code={code} />}
      </div>
    </main>
  );
}

/** Signs in by the code of the address; when it does not work, asks for a password. */
function CodeForm({ code: given }: { code: string }) {
  const [problem, setProblem] = useState<Error | null>(null);
  useEffect(() => {
    signIn({ code: given }).catch((error: Error) => setProblem(error));
  }, [given]);
  if (problem === null) return <p role="status">Signing you in …</p>;
  return (
    <>
      <Notice tone="warn">{problem.message}</Notice>
      <PasswordForm />
    </>
  );
}

/** Name and password. `name` is that of the user whose session is over. */
export function PasswordForm({ name }: { name?: string }) {
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
    </Form>
  );
}

const messageOf = (problem: Error): string =>
  problem instanceof Problem && problem.status === 404 ? 'This service has no API at this address.' : problem.message;
