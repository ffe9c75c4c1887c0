import { useQuery } from '@tanstack/react-query';
import { Notice } from '../../kit/notice';
import { Loaded } from '../../kit/state';
import { handlerQueries } from './handler.queries';
import styles from './handler.module.css';

/** Users of the default version of a handler: they get another one with a deploy. */
export function Affected({ id }: { id: string }) {
  const query = useQuery(handlerQueries.uses(id));
  return (
    <Loaded query={query} what="what uses it">
      {({ items, more }) => {
        const serving = items.filter(({ as }) => as !== 'version');
        if (serving.length === 0) return <Notice tone="info">Nothing serves this handler yet.</Notice>;
        return (
          <div>
            <p>It takes effect at once in:</p>
            <ul className={styles.list}>
              {serving.map((use) => (
                <li key={`${use.noun} ${use.id} ${use.as}`}>
                  {use.noun === 'endpoint' ? `/u/${use.name}` : `${use.noun} ${use.name}`}
                  {use.as === 'middleware' && ', as middleware'}
                </li>
              ))}
              {more && <li>and more</li>}
            </ul>
          </div>
        );
      }}
    </Loaded>
  );
}
