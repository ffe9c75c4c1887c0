import {
  Activity,
  Bell,
  CalendarClock,
  FileCode,
  Gauge,
  Globe,
  KeyRound,
  LockKeyhole,
  Package,
  ScrollText,
  ShieldCheck,
  Table2,
  Ticket,
  Users,
  Waypoints,
  type LucideIcon,
} from 'lucide-react';
import type { Permission } from '../../../src/core/access/permitted.rules';

/** A place in the menu. Shown to users who may read what is there. */
export interface Place {
  to: string;
  label: string;
  permission: Permission;
  icon: LucideIcon;
  /** The letter after `g` that goes there. */
  letter: string;
  group: 'work' | 'access';
}

/** The menu, in its order. */
export const PLACES: readonly Place[] = [
  { to: '/', label: 'Overview', permission: 'session.own', icon: Gauge, letter: 'o', group: 'work' },
  { to: '/endpoints', label: 'Endpoints', permission: 'endpoint.read', icon: Globe, letter: 'e', group: 'work' },
  { to: '/handlers', label: 'Handlers', permission: 'handler.read', icon: FileCode, letter: 'h', group: 'work' },
  { to: '/graphs', label: 'Graphs', permission: 'graph.read', icon: Waypoints, letter: 'g', group: 'work' },
  { to: '/runs', label: 'Runs', permission: 'run.read', icon: Activity, letter: 'r', group: 'work' },
  {
    to: '/schedules',
    label: 'Schedules',
    permission: 'endpoint.read',
    icon: CalendarClock,
    letter: 'c',
    group: 'work',
  },
  { to: '/alerts', label: 'Alerts', permission: 'endpoint.read', icon: Bell, letter: 'b', group: 'work' },
  { to: '/tables', label: 'Tables', permission: 'table.read', icon: Table2, letter: 't', group: 'work' },
  { to: '/packages', label: 'Packages', permission: 'handler.read', icon: Package, letter: 'w', group: 'work' },
  { to: '/keys', label: 'Keys', permission: 'key.read', icon: KeyRound, letter: 'k', group: 'access' },
  { to: '/tokens', label: 'Tokens', permission: 'session.own', icon: Ticket, letter: 'y', group: 'access' },
  { to: '/secrets', label: 'Secrets', permission: 'secret.read', icon: LockKeyhole, letter: 's', group: 'access' },
  { to: '/people', label: 'People', permission: 'user.read', icon: Users, letter: 'p', group: 'access' },
  { to: '/roles', label: 'Roles', permission: 'role.read', icon: ShieldCheck, letter: 'l', group: 'access' },
  { to: '/audit', label: 'Audit', permission: 'audit.read', icon: ScrollText, letter: 'a', group: 'access' },
];
