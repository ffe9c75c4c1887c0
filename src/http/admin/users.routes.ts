import type { Route } from '../route';

export const userRoutes: Route[] = [];
