import { RouterProvider } from '@tanstack/react-router';
import { router } from './router';

/** All screens. Loaded once the user has signed in. */
export default function Console() {
  return <RouterProvider router={router} />;
}
