interface DownloadsProps {
  href: (format: 'csv' | 'ndjson') => string;
  /** Bound of a file. */
  bound?: string;
}

/** Links to what a list shows, as files. `href` gives the address of a format. */
export const Downloads = ({ href, bound }: DownloadsProps) => (
  <p>
    Download these as{' '}
    <a href={href('csv')} download>
      CSV
    </a>{' '}
    or{' '}
    <a href={href('ndjson')} download>
      NDJSON
    </a>
    .{bound !== undefined && ` ${bound}`}
  </p>
);
