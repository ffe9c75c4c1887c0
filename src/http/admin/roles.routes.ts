import type { Route } from '../route';

export const roleRoutes: Route[] = [];
