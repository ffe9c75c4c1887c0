import { Link } from '@tanstack/react-router';
import { Section } from '../../kit/page';
import type { Endpoint } from '../endpoint/endpoint.queries';
import { accessSentence } from '../endpoint/who-may-call.rules';
import styles from './workflow.module.css';

/** Context of a workflow in its endpoint: its parameters, and the middleware before it. */
export function WorkflowSurroundings({
  endpoint,
  kind,
}: {
  endpoint: Endpoint | undefined;
  kind: 'workflow' | 'middleware';
}) {
  if (kind === 'middleware')
    return (
      <Section title="Security">
        <p>It runs before the handlers of the endpoints that attach it, and refuses a call with throw or respond.</p>
      </Section>
    );
  if (endpoint === undefined) return null;
  const { id, parameters, access, rateLimit } = endpoint;
  return (
    <>
      <Section
        title={`Parameters ${parameters.length}`}
        aside={
          <Link to="/endpoints/$id" params={{ id }} search={{ tab: 'parameters' }}>
            Change
          </Link>
        }
      >
        {parameters.length === 0 && <p className={styles.quiet}>None: fields of the body are there as params.</p>}
        <ul className={styles.steps}>
          {parameters.map(({ id: key, name, type, required }) => (
            <li key={key}>
              <code>params.{name}</code>{' '}
              <span className={styles.quiet}>
                {type}
                {required && ', required'}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <Section
        title="Security"
        aside={
          <Link to="/endpoints/$id" params={{ id }} search={{ tab: 'access' }}>
            Change
          </Link>
        }
      >
        <p>{accessSentence(access, rateLimit)}</p>
        {access.middleware.length > 0 && (
          <ol className={styles.steps} aria-label="Middleware, in its order">
            {access.middleware.map(({ handler }, index) => (
              <li key={index}>
                <code>{handler}</code>
              </li>
            ))}
          </ol>
        )}
      </Section>
    </>
  );
}
