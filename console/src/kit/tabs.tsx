import { Link } from '@tanstack/react-router';
import styles from './tabs.module.css';

export interface Tab {
  id: string;
  label: string;
}

/** Parts of a screen, each with an address: `tab` of the search. Links, so that they open in a new tab as well. */
export const Tabs = ({ label, tabs, current }: { label: string; tabs: readonly Tab[]; current: string }) => (
  <nav className={styles.tabs} aria-label={label}>
    {tabs.map(({ id, label: text }, index) => (
      <Link
        key={id}
        from="/"
        to="."
        search={(search) => ({ ...search, tab: index === 0 ? undefined : id })}
        replace
        className={styles.tab}
        aria-current={id === current ? 'page' : undefined}
      >
        {text}
      </Link>
    ))}
  </nav>
);
