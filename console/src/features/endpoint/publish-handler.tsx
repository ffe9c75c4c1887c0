import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { call } from '../../api/call';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { urlOf } from '../handler/start.rules';
import { ChooseKeys } from './choose-keys';
import styles from './endpoint.module.css';
import { LEVELS, takenPath, type NewLevel } from './new-levels';

/** Publishes a handler that is there: its URL, and who may call it. */
export function PublishHandler({ path: handler }: { path: string }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const form = useForm({ path: urlOf(handler), level: 'key' as NewLevel, keys: [] as string[] });
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const { values, set, errorAt } = form;
  const publish = async (): Promise<void> => {
    const isDone = await form.send(async ({ path, level, keys }) => {
      const endpoint = await call('POST /admin/endpoints', {
        body: {
          ...(path !== '' && { path }),
          handler: { path: handler },
          access: { level, keys: level === 'key' ? keys : [] },
        },
        idempotencyKey,
      });
      await client.invalidateQueries();
      toastDone(`Published /u/${endpoint.path}.`);
      await navigate({ to: '/endpoints/$id', params: { id: endpoint.id } });
    });
    if (!isDone) setIdempotencyKey(crypto.randomUUID());
  };
  useActions([{ id: 'publish', label: 'Publish', keys: 'Mod+Enter', run: () => void publish() }]);
  return (
    <Form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
    >
      <p>
        It calls <code>{handler}</code>, in the version that is served.
      </p>
      <TextField
        label="Path"
        before="/u/"
        isCode
        hint="Empty: a path is generated"
        value={values.path}
        onChange={(path) => set('path', path)}
        error={errorAt('/path') ?? takenPath(form.problem)}
      />
      <RadioField
        label="Who may call"
        options={LEVELS}
        value={values.level}
        onChange={(level) => set('level', level)}
        error={errorAt('/access/level')}
      />
      {values.level === 'key' && (
        <ChooseKeys keys={values.keys} onChange={(keys) => set('keys', keys)} error={errorAt('/access/keys')} />
      )}
      {form.problem && <Notice tone="bad">{form.problem.message}</Notice>}
      <p>
        <Button type="submit" tone="primary" isPending={form.isPending}>
          Publish
        </Button>
      </p>
    </Form>
  );
}
