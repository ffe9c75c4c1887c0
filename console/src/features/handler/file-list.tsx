import { Link } from '@tanstack/react-router';
import { Badge } from '../../kit/badge';
import styles from './handler.module.css';

interface FileListProps {
  label: string;
  files: readonly { path: string; change?: string }[];
  chosen: string;
}

/** Files of a handler, as links that keep the rest of the address. */
export const FileList = ({ label, files, chosen }: FileListProps) => (
  <nav aria-label={label}>
    <ul className={styles.files}>
      {files.map(({ path, change }) => (
        <li key={path}>
          <Link
            to="."
            search={(now) => ({ ...now, file: path, line: undefined })}
            data-row=""
            className={styles.path}
            {...(path === chosen && { 'aria-current': 'page' as const })}
          >
            {path}
          </Link>
          {change !== undefined && <Badge tone="neutral">{change}</Badge>}
        </li>
      ))}
    </ul>
  </nav>
);
