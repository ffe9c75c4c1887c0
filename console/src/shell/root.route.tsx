import { createRootRoute } from '@tanstack/react-router';
import { Shell } from './shell';
import { NotFound } from './not-found';

/** The parent of all routes. */
export const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });
