import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { call, type Answer } from '../../api/call';
import { rolesFor, useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Loaded, NoRight } from '../../kit/state';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { endpointQueries } from './endpoint.queries';
import styles from './endpoint.module.css';
import { PublishHandler } from './publish-handler';
import { LEVELS, takenPath, type NewLevel as Level } from './new-levels';
import { ChooseKeys } from './choose-keys';

type Template = Answer<'GET /admin/templates'>['items'][number];

const route = getRouteApi('/endpoints/new');

/** Publishes an endpoint from a template: what it starts from, its path, and who may call it. */
export function NewEndpoint() {
  const { may } = useRights();
  const { handler } = route.useSearch();
  const query = useQuery(endpointQueries.templates);
  if (!may('endpoint.write'))
    return (
      <Page title="New endpoint">
        <NoRight what="this form" roles={rolesFor('endpoint.write')} />
      </Page>
    );
  if (handler !== undefined)
    return (
      <Page title="New endpoint">
        <PublishHandler path={handler} />
      </Page>
    );
  return (
    <Page title="New endpoint" below={<Starts />}>
      <Loaded query={query} what="templates">
        {({ items }) => <FromTemplate templates={items} />}
      </Loaded>
    </Page>
  );
}

/** Other things than a template that an endpoint starts from. */
const Starts = () => (
  <nav aria-label="Start from something else" className={styles.bar}>
    <span>From a template, or from</span>
    <Link to="/handlers/new" search={{ kind: 'typescript' }}>
      code
    </Link>
    <Link to="/handlers/new" search={{ kind: 'workflow' }}>
      a workflow
    </Link>
    <Link to="/graphs">a graph</Link>
    <Link to="/handlers/new" search={{ kind: 'file' }}>
      a file
    </Link>
    <Link to="/handlers">a handler that is there</Link>
  </nav>
);

function FromTemplate({ templates }: { templates: readonly Template[] }) {
  const { template: chosenId } = route.useSearch();
  const navigate = useNavigate({ from: '/endpoints/new' });
  const client = useQueryClient();
  const chosen = templates.find(({ id }) => id === chosenId) ?? templates[0];
  const form = useForm({ path: '', level: 'key' as Level, keys: [] as string[] });
  // Made with the form: a double click, or a lost answer, makes one endpoint.
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const { values, set, errorAt } = form;
  const publish = async (): Promise<void> => {
    if (chosen === undefined) return;
    const sent = await form.send(async ({ path, level, keys }) => {
      const { endpoint, review } = await call('POST /admin/templates/:id/endpoints', {
        params: { id: chosen.id },
        body: { ...(path === '' ? {} : { path }), access: { level, keys: level === 'key' ? keys : [] } },
        idempotencyKey,
      });
      await client.invalidateQueries({ queryKey: endpointQueries.all });
      toastDone(`Published /u/${endpoint.path}. To review: ${review.join(' ')}`);
      await navigate({ to: '/endpoints/$id', params: { id: endpoint.id } });
    });
    // What was refused is a new request.
    if (!sent) setIdempotencyKey(crypto.randomUUID());
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
      <ChooseTemplate
        templates={templates}
        chosen={chosen}
        onChoose={(template) => void navigate({ search: { template }, replace: true })}
      />
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
      {chosen && <WhatItMakes template={chosen} />}
      {form.problem && <Notice tone="bad">{form.problem.message}</Notice>}
      <p>
        <Button type="submit" tone="primary" isPending={form.isPending}>
          Publish
        </Button>
      </p>
    </Form>
  );
}

function ChooseTemplate(props: {
  templates: readonly Template[];
  chosen: Template | undefined;
  onChoose: (id: string) => void;
}) {
  const [text, setText] = useState('');
  const wanted = text.toLowerCase();
  const found = props.templates.filter(({ id, title, description }) =>
    `${id} ${title} ${description}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <TextField
        label="Start from"
        type="search"
        placeholder={`Search ${props.templates.length} templates`}
        value={text}
        onChange={setText}
      />
      <div className={styles.templates}>
        <RadioField
          label="Template"
          value={props.chosen?.id ?? ''}
          options={found.map(({ id, title, description }) => ({ value: id, label: title, hint: description }))}
          onChange={props.onChoose}
        />
        {found.length === 0 && <p>No template has these words.</p>}
      </div>
    </>
  );
}

const WhatItMakes = ({ template }: { template: Template }) => (
  <Notice tone="info">
    <p>
      It makes: a {template.language} handler
      {template.middleware.length > 0 && `, middleware ${template.middleware.join(', ')}`}
      {template.tables.length > 0 && `, table ${template.tables.join(', ')}`}. To look at:
    </p>
    <ul className={styles.list}>
      {template.review.map((point) => (
        <li key={point}>{point}</li>
      ))}
    </ul>
  </Notice>
);
