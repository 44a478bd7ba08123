import { createRootRoute, createRoute, createRouter, Link, redirect } from '@tanstack/react-router';
import { ErrorState } from '../ui/states.js';
import { parseSearch, readSearch, writeSearch } from '../url/search.js';
import { PAGES } from './pages.js';
import { Shell } from './shell.js';

/** The router over the table of pages, with search parameters as plain texts. */
export function createPageRouter() {
  const root = createRootRoute({
    component: Shell,
    validateSearch: parseSearch,
    notFoundComponent: NotFound,
    errorComponent: ({ error, reset }) => <ErrorState error={error} retry={reset} />,
  });
  const pages = PAGES.map(({ path, component }) => createRoute({ getParentRoute: () => root, path, component }));
  // The dashboard's other address, known from earlier monitors.
  const monitoring = createRoute({
    getParentRoute: () => root,
    path: '/monitoring',
    beforeLoad: () => {
      throw redirect({ to: '/', search: true, replace: true } as never);
    },
  });
  return createRouter({
    routeTree: root.addChildren([...pages, monitoring]),
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    scrollRestoration: true,
  });
}

function NotFound() {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 py-24 text-center">
      <p className="text-lg font-semibold">There is no such page</p>
      <p className="text-soft">The address may be mistyped, or from another version.</p>
      <Link to="/" className="text-accent underline">
        Go to the overview
      </Link>
    </div>
  );
}
