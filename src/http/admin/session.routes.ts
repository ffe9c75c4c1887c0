import type { Route } from '../route';

export const sessionRoutes: Route[] = [];
