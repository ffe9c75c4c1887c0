import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { More } from '../../kit/more';
import { Loaded } from '../../kit/state';
import { Time } from '../../kit/time';
import { fromFolders, toEntries, toFolders, type Entry } from './handler-tree.rules';
import styles from './handler-tree.module.css';
import { handlerQueries, type Handler } from './handler.queries';
import { servedText } from './served.rules';

const route = getRouteApi('/handlers');

/** Folders of handlers that open and close. A folder is read when it opens, and small ones come with the one around them. */
export const HandlerTree = ({ empty }: { empty: ReactNode }) => (
  <div className={styles.scroll}>
    <Folder under="" empty={empty} />
  </div>
);

function Folder({ under, empty }: { under: string; empty?: ReactNode }) {
  const query = useInfiniteQuery(handlerQueries.tree(under));
  return (
    <Loaded query={query} what={under === '' ? 'handlers' : `handlers of ${under}`}>
      {({ pages }) => {
        const items = pages.flatMap(({ items: own }) => own);
        if (items.length === 0) return empty;
        return (
          <>
            <Entries label={under === '' ? 'Handlers' : under} entries={toEntries(items, under)} />
            {query.hasNextPage && (
              <More
                count={items.length}
                what={under === '' ? 'folders and handlers' : `of ${under}`}
                hasMore
                isPending={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
            )}
          </>
        );
      }}
    </Loaded>
  );
}

const Entries = ({ label, entries }: { label: string; entries: readonly Entry[] }) => (
  <ul className={styles.list} aria-label={label}>
    {entries.map((entry) =>
      entry.kind === 'folder' ? (
        <Branch key={entry.path} folder={entry} />
      ) : (
        <Leaf key={entry.handler.id} name={entry.name} handler={entry.handler} />
      ),
    )}
  </ul>
);

function Branch({ folder }: { folder: Entry & { kind: 'folder' } }) {
  const { path, name, handlers, entries } = folder;
  const { toggled } = route.useSearch();
  const navigate = useNavigate({ from: '/handlers' });
  const id = useId();
  const changed = toFolders(toggled);
  // Folders that came with their content are open at first.
  const isOpen = (entries !== null) !== changed.includes(path);
  const toggle = (): void => {
    const next = changed.includes(path) ? changed.filter((each) => each !== path) : [...changed, path];
    void navigate({ search: { toggled: fromFolders(next) || undefined }, replace: true });
  };
  const Sign = isOpen ? ChevronDown : ChevronRight;
  return (
    <li>
      <button
        type="button"
        className={styles.folder}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={toggle}
        data-row=""
      >
        <Sign aria-hidden="true" />
        {name}
        <span className={styles.count}>
          {handlers} {handlers === 1 ? 'handler' : 'handlers'}
        </span>
      </button>
      {isOpen && (
        <div id={id} className={styles.inside}>
          {entries === null ? <Folder under={path} /> : <Entries label={path} entries={entries} />}
        </div>
      )}
    </li>
  );
}

const Leaf = ({ name, handler }: { name: string; handler: Handler }) => (
  <li className={styles.leaf}>
    <Link to="/handlers/$id" params={{ id: handler.id }} data-row="" className={styles.name}>
      {name}
    </Link>
    <span className={styles.language}>{handler.language}</span>
    <span className={styles.served}>{servedText(handler)}</span>
    <span className={styles.changed}>
      <Time at={handler.updatedAt} />
    </span>
  </li>
);
