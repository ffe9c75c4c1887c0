import { createRoute, notFound, redirect } from '@tanstack/react-router';
import { addressOfId } from './address-of-id.rules';
import { rootRoute } from './root.route';

/** Leads from any id, of a log or a message, to the screen of what it names. */
export const goRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/go/$id',
  beforeLoad: ({ params: { id } }) => {
    const address = addressOfId(id);
    if (address === null) throw notFound();
    throw redirect({ to: address, replace: true });
  },
});
