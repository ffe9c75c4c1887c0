import { Link } from '@tanstack/react-router';
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
  without = [],
}: {
  label: string;
  tabs: readonly Tab[];
  current: string;
  /** Part of the search that belongs to one tab alone, and is dropped by the others. */
  without?: readonly string[];
}) => (
  <nav className={styles.tabs} aria-label={label}>
    {tabs.map(({ id, label: text }, index) => (
      <Link
        key={id}
        to="."
        // Each screen drops a tab that it does not know.
        search={(search) => ({ ...search, ...dropped(without), tab: (index === 0 ? undefined : id) as undefined })}
        activeOptions={{ exact: true, explicitUndefined: true }}
        replace
        className={styles.tab}
        aria-current={id === current ? 'page' : undefined}
      >
        {text}
      </Link>
    ))}
  </nav>
);

const dropped = (names: readonly string[]): Record<string, undefined> =>
  Object.fromEntries(names.map((name) => [name, undefined]));
