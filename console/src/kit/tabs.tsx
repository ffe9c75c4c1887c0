import { Link, useLocation } from '@tanstack/react-router';
import { tabName, useKeptForms } from './kept-forms';
import styles from './tabs.module.css';

export interface Tab {
  id: string;
  label: string;
}

/** Parts of a screen, each with an address: `tab` of the search. Links, so that they open in a new tab as well. */
export const Tabs = ({
  label,
  tabs,
  current,
  to = '.',
  without = [],
}: {
  label: string;
  tabs: readonly Tab[];
  current: string;
  /** Address of the screen, where the tabs are shown below another one as well. */
  to?: string;
  /** Part of the search that belongs to one tab alone, and is dropped by the others. */
  without?: readonly string[];
}) => {
  const { pathname } = useLocation();
  const kept = useKeptForms();
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map(({ id, label: text }, index) => {
        const tab = index === 0 ? undefined : id;
        const isKept = kept.some((name) => name.startsWith(tabName(pathname, tab)));
        return (
          <Link
            key={id}
            to={to}
            // Each screen drops a tab that it does not know.
            search={(search) => ({ ...search, ...dropped(without), tab: tab as undefined })}
            activeOptions={{ exact: true, explicitUndefined: true }}
            replace
            className={styles.tab}
            aria-current={id === current ? 'page' : undefined}
          >
            {text}
            {isKept && (
              <span title="Not saved">
                <span aria-hidden="true"> •</span>
                <span className="hidden"> (not saved)</span>
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
};

const dropped = (names: readonly string[]): Record<string, undefined> =>
  Object.fromEntries(names.map((name) => [name, undefined]));
