import type { Route } from '../route';

export const tokenRoutes: Route[] = [];
