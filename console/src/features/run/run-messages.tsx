import { CodeBlock } from '../../kit/code-block';
import { JsonTree } from '../../kit/json-tree';
import { isBranch, printable } from '../../kit/json-tree.rules';
import { Notice } from '../../kit/notice';
import { Facts, Section } from '../../kit/page';
import { namesOfQuery, parse } from './replay.rules';
import type { Run } from './run.queries';
import styles from './run.module.css';

/** Request and response. */
export function RunMessages({ run: { request, response, truncated } }: { run: Run }) {
  const names = namesOfQuery(request.query);
  return (
    <>
      {truncated && (
        <Notice tone="info">The record was cut: a call keeps 8 KiB of each body, and the start of its logs.</Notice>
      )}
      <div className={styles.columns}>
        <Section title="Request">
          <code>
            {request.method} {printable(request.path)}
            {request.query !== '' && `?${printable(request.query.replace(/^\?/, ''))}`}
          </code>
          {names.length > 0 && <p className={styles.quiet}>Query: {names.map(printable).join(', ')}</p>}
          <Headers headers={request.headers} />
          <Body title="Body" body={request.body} bytes={request.bytes} />
        </Section>
        <Section title="Response">
          {response === null ? (
            <p>There was no response yet.</p>
          ) : (
            <>
              <p>Status {response.status}</p>
              <Headers headers={response.headers} />
              <Body title="Body" body={response.body} bytes={response.bytes} />
            </>
          )}
        </Section>
      </div>
    </>
  );
}

function Headers({ headers }: { headers: Record<string, string> }) {
  const all = Object.entries(headers);
  if (all.length === 0) return <p className={styles.quiet}>No header is recorded.</p>;
  return (
    <details>
      <summary>{all.length === 1 ? '1 header' : `${all.length} headers`}</summary>
      <Facts facts={all.map(([name, value]) => [printable(name), <code key={name}>{printable(value)}</code>])} />
    </details>
  );
}

function Body({ title, body, bytes }: { title: string; body: string | null; bytes: number }) {
  if (bytes === 0) return <p className={styles.quiet}>No body.</p>;
  const size = `${bytes.toLocaleString('en')} bytes`;
  if (body === null) return <p className={styles.quiet}>A body of {size}, which is not recorded.</p>;
  const value = parse(body);
  return (
    <div className={styles.part}>
      <h3>
        {title} <span className={styles.quiet}>{size}</span>
      </h3>
      {isBranch(value) ? <JsonTree label={title} value={value} /> : <CodeBlock text={printable(body)} what="body" />}
    </div>
  );
}
