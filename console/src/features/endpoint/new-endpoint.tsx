import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call, type Answer } from '../../api/call';
import { rolesFor, useRights } from '../../api/session';
import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { Notice } from '../../kit/notice';
import { Page } from '../../kit/page';
import { Loaded, NoRight } from '../../kit/state';
import { endpointQueries } from './endpoint.queries';
import styles from './endpoint.module.css';
import { PublishForm } from './publish-form';
import { PublishHandler } from './publish-handler';

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
  const chosen = templates.find(({ id }) => id === chosenId) ?? templates[0]!;
  return (
    <PublishForm
      path=""
      publish={async (body, idempotencyKey) => {
        const { endpoint, review } = await call('POST /admin/templates/:id/endpoints', {
          params: { id: chosen.id },
          body,
          idempotencyKey,
        });
        return { endpoint, ...(review.length > 0 && { remark: `To review: ${review.join(' ')}` }) };
      }}
      below={<WhatItMakes template={chosen} />}
    >
      <ChooseTemplate
        templates={templates}
        chosen={chosen}
        onChoose={(template) => void navigate({ search: { template }, replace: true })}
      />
    </PublishForm>
  );
}

function ChooseTemplate(props: { templates: readonly Template[]; chosen: Template; onChoose: (id: string) => void }) {
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
          value={props.chosen.id}
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
