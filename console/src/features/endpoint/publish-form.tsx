import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { Problem } from '../../api/problem';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { ChooseKeys } from './choose-keys';
import styles from './endpoint.module.css';

type Level = 'key' | 'authenticated' | 'public';

/** Access of a new endpoint. */
const LEVELS: readonly { value: Level; label: string; hint: string }[] = [
  { value: 'key', label: 'Keys', hint: 'Programs that send one of the keys below, as x-api-key' },
  { value: 'authenticated', label: 'Signed-in users', hint: 'Users and tokens of this service' },
  { value: 'public', label: 'Anybody', hint: 'Everyone who knows the URL' },
];

/** Fields of every new endpoint. Without a path, one is generated. */
interface Asked {
  path?: string;
  access: { level: Level; keys: string[] };
}

interface PublishFormProps {
  /** The path that the form begins with. */
  path: string;
  /** Publishes. Resolves to the endpoint and what is said about it. */
  publish: (
    asked: Asked,
    idempotencyKey: string,
  ) => Promise<{ endpoint: { id: string; path: string }; remark?: string }>;
  /** Source or template of the endpoint. */
  children: ReactNode;
  /** Between the fields and the button. */
  below?: ReactNode;
}

/** Publishes an endpoint: its path, and who may call it. Then shows it. */
export function PublishForm({ path, publish, children, below }: PublishFormProps) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const form = useForm({ path, level: 'key' as Level, keys: [] as string[] });
  // Made with the form: a double click, or a lost answer, makes one endpoint.
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const { values, field } = form;
  const send = async (): Promise<void> => {
    const isDone = await form.send(async ({ path: wanted, level, keys }) => {
      const asked = { ...(wanted !== '' && { path: wanted }), access: { level, keys: level === 'key' ? keys : [] } };
      const { endpoint, remark } = await publish(asked, idempotencyKey);
      await client.invalidateQueries();
      toastDone(`Published /u/${endpoint.path}.${remark === undefined ? '' : ` ${remark}`}`);
      await navigate({ to: '/endpoints/$id', params: { id: endpoint.id } });
    });
    // A request after a refusal is a new one.
    if (!isDone) setIdempotencyKey(crypto.randomUUID());
  };
  useActions([{ id: 'publish', label: 'Publish', keys: 'Mod+Enter', run: () => void send() }]);
  const asPath = field('path');
  return (
    <Form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {children}
      <TextField
        label="Path"
        before="/u/"
        isCode
        hint="Empty: a path is generated"
        {...asPath}
        error={asPath.error ?? takenPath(form.problem)}
      />
      <RadioField label="Who may call" options={LEVELS} {...field('level', '/access/level')} />
      {values.level === 'key' && <ChooseKeys {...field('keys', '/access/keys')} />}
      {below}
      {form.problem && <Notice tone="bad">{form.problem.message}</Notice>}
      <p>
        <Button type="submit" tone="primary" isPending={form.isPending}>
          Publish
        </Button>
      </p>
    </Form>
  );
}

/** Returns the message of a path that another endpoint has. */
const takenPath = (problem: Error | null): string | undefined =>
  problem instanceof Problem && problem.code === 'path_taken' ? problem.message : undefined;
