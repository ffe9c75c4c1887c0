import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { CheckField } from '../../kit/choice-field';
import { FieldGroup } from '../../kit/field-group';
import type { FieldOf } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { Loaded } from '../../kit/state';
import { keyQueries } from '../key/key.queries';
import styles from './endpoint.module.css';

const CreateKey = lazy(() => import('../key/create-key'));

/** Which keys an endpoint accepts: those that exist, or a new one. */
export function ChooseKeys({ value: keys, onChange, error }: FieldOf<string[]>) {
  const { whyNot } = useRights();
  const query = useInfiniteQuery(keyQueries.list({}));
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Loaded query={query} what="keys">
      {({ pages }) => (
        <FieldGroup title="Keys">
          <div className={styles.choices}>
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
            {pages[0]?.items.length === 0 && <p>There is no key yet.</p>}
            {query.hasNextPage && <Button onPress={() => void query.fetchNextPage()}>Show more keys</Button>}
          </div>
          <p>
            <Button icon={<Plus />} reason={whyNot('key.write')} onPress={() => setIsCreating(true)}>
              New key…
            </Button>
          </p>
          {keys.length === 0 && <p>Without a key, the endpoint admits no caller.</p>}
          {isCreating && (
            <Suspense>
              <CreateKey onMade={(id) => onChange([...keys, id])} onClose={() => setIsCreating(false)} />
            </Suspense>
          )}
          {error && <Notice tone="bad">{error}</Notice>}
        </FieldGroup>
      )}
    </Loaded>
  );
}
