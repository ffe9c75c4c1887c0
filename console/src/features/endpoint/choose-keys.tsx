import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '../../kit/button';
import { CheckField } from '../../kit/choice-field';
import type { FieldOf } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { Loaded } from '../../kit/state';
import { keyQueries } from '../key/key.queries';
import styles from './endpoint.module.css';

/** Which keys an endpoint accepts. */
export function ChooseKeys({ value: keys, onChange, error }: FieldOf<string[]>) {
  const query = useInfiniteQuery(keyQueries.list);
  return (
    <Loaded query={query} what="keys">
      {({ pages }) => (
        <fieldset className={styles.templates}>
          <legend>Keys</legend>
          {pages.flatMap(({ items }) =>
            items.map(({ id, alias, prefix }) => (
              <CheckField
                key={id}
                isSelected={keys.includes(id)}
                onChange={(on) => onChange(on ? [...keys, id] : keys.filter((one) => one !== id))}
              >
                {alias} {prefix && <code>{prefix}…</code>}
              </CheckField>
            )),
          )}
          {pages[0]?.items.length === 0 && <p>There is no key yet. Make one under Keys, and add it here later.</p>}
          {query.hasNextPage && <Button onPress={() => void query.fetchNextPage()}>Show more keys</Button>}
          {error && <Notice tone="bad">{error}</Notice>}
        </fieldset>
      )}
    </Loaded>
  );
}
