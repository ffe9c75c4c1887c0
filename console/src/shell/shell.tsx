import { Link, Outlet } from '@tanstack/react-router';
import { Menu as MenuIcon, Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useRights } from '../api/session';
import { Button } from '../kit/button';
import { Toasts } from '../kit/toast';
import { AccountMenu } from './account-menu';
import { useHotkeys } from './hotkeys';
import { PLACES, type Place } from './navigation';
import { OfflineBar } from './offline-bar';
import { RenewSession } from './renew-session';
import styles from './shell.module.css';

const Palette = lazy(() => import('./palette'));
const Shortcuts = lazy(() => import('./shortcuts'));

/** Menu, content, and what may be drawn over them: the palette, toasts, the form of a session that is over. */
export function Shell() {
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [over, setOver] = useState<'palette' | 'shortcuts' | null>(null);
  const main = useRef<HTMLElement>(null);
  useHotkeys({ openPalette: () => setOver('palette'), openShortcuts: () => setOver('shortcuts') });
  return (
    <div className={styles.shell}>
      <a
        className={styles.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <header className={styles.top}>
        <span className={styles.fold}>
          <Button
            tone="quiet"
            aria-label="Menu"
            aria-expanded={isMenuOpen}
            icon={<MenuIcon />}
            onPress={() => setMenuOpen((open) => !open)}
          />
        </span>
        <span className={styles.brand}>Portico</span>
        <Button tone="quiet" icon={<Search />} onPress={() => setOver('palette')}>
          <span>
            Find <kbd className={styles.kbd}>Ctrl K</kbd>
          </span>
        </Button>
        <AccountMenu onShortcuts={() => setOver('shortcuts')} />
      </header>
      <Navigation isOpen={isMenuOpen} onGo={() => setMenuOpen(false)} />
      <main className={styles.main} id="main" ref={main} tabIndex={-1}>
        <OfflineBar />
        <Outlet />
      </main>
      <Toasts />
      <RenewSession />
      <Suspense>
        {over === 'palette' && <Palette onClose={() => setOver(null)} />}
        {over === 'shortcuts' && <Shortcuts onClose={() => setOver(null)} />}
      </Suspense>
    </div>
  );
}

function Navigation({ isOpen, onGo }: { isOpen: boolean; onGo: () => void }) {
  const { may } = useRights();
  const places = PLACES.filter(({ permission }) => may(permission));
  // Escape closes the menu of a narrow screen.
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: KeyboardEvent): void => void (event.key === 'Escape' && onGo());
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [isOpen, onGo]);
  const link = ({ to, label, icon: Icon }: Place) => (
    <li key={to}>
      <Link
        to={to}
        className={styles.place}
        activeOptions={{ exact: to === '/' }}
        activeProps={{ 'aria-current': 'page' }}
        onClick={onGo}
      >
        <Icon aria-hidden="true" />
        {label}
      </Link>
    </li>
  );
  return (
    <nav className={styles.nav} aria-label="Console" data-open={isOpen || undefined}>
      {(['work', 'access'] as const).map((group) => (
        <ul key={group} className={styles.group}>
          {places.filter((place) => place.group === group).map(link)}
        </ul>
      ))}
    </nav>
  );
}
