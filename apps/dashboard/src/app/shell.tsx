import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { statusQuery } from '../api/queries.js';
import { Keyboard } from '../features/keyboard/keyboard.js';
import { SkeletonRows } from '../ui/states.js';
import { useUrlState } from '../url/use-search.js';
import { findPage } from './find-page.js';
import { Sidebar } from './sidebar.js';
import { TopBar } from './top-bar.js';
import { Unreachable } from './unreachable.js';

const RequestPanel = lazy(async () => ({
  default: (await import('../features/request-panel/request-panel.js')).RequestPanel,
}));
const Welcome = lazy(async () => ({ default: (await import('../features/welcome/welcome.js')).Welcome }));

/** The frame around every page: navigation, the bar with time and live state, the side panel and the keyboard. */
export function Shell() {
  const { pathname } = useLocation();
  const [{ open }] = useUrlState();
  const page = findPage(pathname);
  const status = useQuery(statusQuery());
  const welcome = status.data?.has_data === false && page !== undefined && page.worksEmpty !== true;
  const title = welcome ? 'Welcome' : (page?.title ?? 'Not found');
  useEffect(() => {
    document.title = `${title} · Vedetta`;
  }, [title]);
  return (
    <div className="flex min-h-screen flex-col md:flex-row">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:m-2 focus:rounded focus:bg-accent focus:px-3 focus:py-2 focus:text-on-accent"
      >
        Skip to the content
      </a>
      <Sidebar status={status.data} />
      <div className="flex min-w-0 flex-1 flex-col">
        {status.isRefetchError && <Unreachable since={status.dataUpdatedAt} />}
        <TopBar title={title} timed={page?.timed === true && !welcome} />
        <main id="main" tabIndex={-1} className="min-w-0 flex-1 p-3 outline-none md:p-5">
          <Suspense fallback={<SkeletonRows rows={8} label="Loading the page" />}>
            {welcome ? <Welcome /> : <Outlet />}
          </Suspense>
        </main>
      </div>
      <Suspense>{open !== undefined && <RequestPanel requestId={open} />}</Suspense>
      <Keyboard />
    </div>
  );
}
