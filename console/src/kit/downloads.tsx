/** Links to what a list shows, as files. `href` gives the address of a format. */
export const Downloads = ({ href }: { href: (format: 'csv' | 'ndjson') => string }) => (
  <p>
    Download these as{' '}
    <a href={href('csv')} download>
      CSV
    </a>{' '}
    or{' '}
    <a href={href('ndjson')} download>
      NDJSON
    </a>
    .
  </p>
);
