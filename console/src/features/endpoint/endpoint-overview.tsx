import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useRights } from '../../api/session';
import { CodeBlock } from '../../kit/code-block';
import { RadioField } from '../../kit/choice-field';
import { Copy } from '../../kit/copy';
import { Facts, Section } from '../../kit/page';
import { Time } from '../../kit/time';
import { LastRuns } from '../run/last-runs';
import { Person } from '../user/person-link';
import { callSnippets, type Snippet } from './call-snippets.rules';
import type { Endpoint } from './endpoint.queries';
import styles from './endpoint.module.css';
import { accessSentence } from './who-may-call.rules';

/** Address of an endpoint, a call of it, its access, and its handler. */
export function EndpointOverview({ endpoint }: { endpoint: Endpoint }) {
  const { may } = useRights();
  const { handler, instance, limits, description, title, folder } = endpoint;
  return (
    <>
      <Section title="URL">
        <div className={styles.url}>
          <span>{endpoint.url}</span>
          <Copy text={endpoint.url} what="URL" />
        </div>
        {description !== '' && <p>{description}</p>}
        <p>{accessSentence(endpoint.access, endpoint.rateLimit)}</p>
      </Section>
      {may('run.read') && <LastRuns endpointId={endpoint.id} />}
      <div className={styles.columns}>
        <CallIt endpoint={endpoint} />
        <Section title="Settings">
          <Facts
            facts={[
              ...(title === '' ? [] : [['Title', title] as const]),
              ['Methods', endpoint.methods.join(', ')],
              [
                'Handler',
                <Link key="handler" to="/handlers/at" search={{ path: handler.path, endpoint: endpoint.id }}>
                  <code>{handler.path}</code>
                </Link>,
              ],
              ['Version', handler.version === null ? 'the default version' : `pinned to v${handler.version}`],
              ['Instance', instance],
              ['Runs as', <Person key="executor" id={endpoint.executor} />],
              ['Time limit', `${limits.timeoutMs} ms`],
              ['Folder', folder || 'none'],
              ['Log', endpoint.log],
              ['Secrets', endpoint.secrets.join(', ') || 'none'],
              ['Hosts it may reach', endpoint.egress.join(', ') || 'none'],
              ['Changed', <Time key="changed" at={endpoint.updatedAt} />],
              ['Id', <code key="id">{endpoint.id}</code>],
            ]}
          />
        </Section>
      </div>
    </>
  );
}

function CallIt({ endpoint }: { endpoint: Endpoint }) {
  const snippets = callSnippets(endpoint);
  const [id, setId] = useState<Snippet['id']>('curl');
  const shown = snippets.find((one) => one.id === id)!;
  return (
    <Section title="Call it">
      <RadioField
        label="Written in"
        value={id}
        options={snippets.map(({ id: value, label }) => ({ value, label }))}
        onChange={setId}
      />
      <CodeBlock text={shown.text} what={`${shown.label} call`} />
    </Section>
  );
}
