import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { LiveProvider } from '../api/live.js';
import { createQueryClient } from '../api/queries.js';
import { createPageRouter } from './router.js';

const queryClient = createQueryClient();
const router = createPageRouter();

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <LiveProvider>
        <RouterProvider router={router} />
      </LiveProvider>
    </QueryClientProvider>
  );
}
