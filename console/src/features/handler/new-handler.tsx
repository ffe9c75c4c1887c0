import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { FileTrigger, Form } from 'react-aria-components';
import { call } from '../../api/call';
import { rolesFor, useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { CheckField, RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { useForm, type Form as FormOf } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { NoRight } from '../../kit/state';
import { toastDone, toastFailed } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { endpointQueries } from '../endpoint/endpoint.queries';
import { handlerQueries } from './handler.queries';
import styles from './handler.module.css';
import { pathOf, STARTS, urlOf, type StartKind } from './start.rules';

const route = getRouteApi('/handlers/new');
const LEVELS = [
  { value: 'authenticated', label: 'Signed-in users' },
  { value: 'key', label: 'Keys', hint: 'Choose them under Access, after it is made' },
  { value: 'public', label: 'Anybody' },
] as const;
type Level = (typeof LEVELS)[number]['value'];

/** A new handler, from a start of each language or a file, and its endpoint at once where it is wanted. */
export function NewHandler() {
  const { may } = useRights();
  return (
    <Page title="New handler">
      {may('handler.write') ? <NewForm /> : <NoRight what="this form" roles={rolesFor('handler.write')} />}
    </Page>
  );
}

interface Values {
  name: string;
  isPublished: boolean;
  url: string;
  level: Level;
}

function NewForm() {
  const { kind = 'typescript' } = route.useSearch();
  const { may } = useRights();
  const navigate = useNavigate({ from: '/handlers/new' });
  const client = useQueryClient();
  const [file, setFile] = useState<string | null>(null);
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const form = useForm<Values>({ name: '', isPublished: true, url: '', level: 'authenticated' });
  const { values, set, errorAt } = form;
  const start = STARTS.find((one) => one.kind === kind)!;
  const path = pathOf(values.name, start.ending);
  const canPublish = kind !== 'middleware' && may('endpoint.write');
  const isPublished = values.isPublished && canPublish;
  const create = async (): Promise<void> => {
    const isDone = await form.send(async () => {
      const source = kind === 'file' ? (file ?? '') : start.source;
      const handler = await call('POST /admin/handlers', { body: { path, source }, idempotencyKey });
      await client.invalidateQueries({ queryKey: handlerQueries.all });
      if (isPublished) await publish(path, values.url || urlOf(path), values.level);
      await client.invalidateQueries({ queryKey: endpointQueries.all });
      await navigate({ to: '/handlers/$id', params: { id: handler.id } });
    });
    if (!isDone) setIdempotencyKey(crypto.randomUUID());
  };
  useActions([{ id: 'create', label: 'Create', keys: 'Mod+Enter', run: () => void create() }]);
  const take = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    setFile(await chosen.text());
    set('name', chosen.name);
  };
  return (
    <Form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <RadioField<StartKind>
        label="Start from"
        value={kind}
        options={STARTS.map(({ kind: value, label, hint }) => ({ value, label, hint }))}
        onChange={(next) => void navigate({ search: { kind: next }, replace: true })}
      />
      {kind === 'file' && (
        <p className={styles.bar}>
          <FileTrigger
            acceptedFileTypes={['.ts', '.js', '.mjs', '.py', '.json']}
            onSelect={(files) => void take(files?.[0])}
          >
            <Button>Choose a file…</Button>
          </FileTrigger>
          <span role="status">{file === null ? 'None chosen' : `${file.length.toLocaleString('en')} characters`}</span>
        </p>
      )}
      <TextField
        label="Path"
        isCode
        hint={path === '' ? `Such as pricing/quote${start.ending || '.ts'}` : `It is saved as ${path}`}
        value={values.name}
        onChange={(name) => set('name', name)}
        error={errorAt('/path')}
      />
      {canPublish && <PublishFields form={form} path={path} />}
      {form.problem && (
        <Notice tone="bad">{[form.problem.message, errorAt('/source')].filter(Boolean).join(' ')}</Notice>
      )}
      <p>
        <Button
          type="submit"
          tone="primary"
          isPending={form.isPending}
          reason={
            kind === 'file' && file === null
              ? 'Choose a file first.'
              : path === ''
                ? 'Give it a path first.'
                : undefined
          }
        >
          Create
        </Button>
      </p>
    </Form>
  );
}

function PublishFields({ form: { values, set }, path }: { form: FormOf<Values>; path: string }) {
  return (
    <>
      <CheckField isSelected={values.isPublished} onChange={(on) => set('isPublished', on)}>
        Publish it at a URL at once
      </CheckField>
      {values.isPublished && (
        <>
          <TextField
            label="URL"
            before="/u/"
            isCode
            placeholder={urlOf(path)}
            value={values.url}
            onChange={(url) => set('url', url)}
          />
          <RadioField
            label="Who may call"
            options={LEVELS}
            value={values.level}
            onChange={(level) => set('level', level)}
          />
        </>
      )}
    </>
  );
}

/** Publishes the handler that was made. When the path is refused, the handler stays, and its page offers to publish it. */
async function publish(path: string, url: string, level: Level): Promise<void> {
  try {
    await call('POST /admin/endpoints', { body: { path: url, handler: { path }, access: { level } } });
    toastDone(`Made ${path}, published at /u/${url}.`);
  } catch (error) {
    toastFailed(
      new Error(`Made ${path}, but not its endpoint: ${error instanceof Error ? error.message : String(error)}`),
    );
  }
}
