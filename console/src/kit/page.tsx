import { useEffect, useRef, type ReactNode } from 'react';
import styles from './page.module.css';

interface PageProps {
  title: string;
  /** Beside the title: badges. */
  beside?: ReactNode;
  /** The actions of the screen. */
  actions?: ReactNode;
  /** Below the title, such as tabs. */
  below?: ReactNode;
  children: ReactNode;
}

/** A screen: its heading, its actions, its content. A screen that opens takes the focus to its heading, so that readers hear where they are. */
export function Page({ title, beside, actions, below, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Portico`;
  }, [title]);
  useEffect(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside}
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {below}
      {children}
    </div>
  );
}

/** A part of a screen with a heading of its own. */
export const Section = ({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) => (
  <section className={styles.section} aria-label={title}>
    <header className={styles.sectionHead}>
      <h2>{title}</h2>
      {aside}
    </header>
    {children}
  </section>
);

/** Names and values, one a line. */
export const Facts = ({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) => (
  <dl className={styles.facts}>
    {facts.map(([name, value]) => (
      <div key={name} className={styles.fact}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
