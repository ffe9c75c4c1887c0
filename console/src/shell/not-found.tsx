import { Link } from '@tanstack/react-router';
import { Page } from '../kit/page';

/** The console has no screen at this address. */
export const NotFound = () => (
  <Page title="No such page">
    <p>
      The console has no page at <code>{location.pathname}</code>. <Link to="/endpoints">Endpoints</Link>
    </p>
  </Page>
);
