import type { ComponentType, LazyExoticComponent } from 'react';
import { lazy } from 'react';
import type { IconName } from '../ui/icon.js';

/** A page of the dashboard. To add one: a folder in `pages/` and an entry here. */
export interface Page {
  /** Path in the URL; `$name` stands for a part that varies. */
  readonly path: string;
  readonly title: string;
  /** Shows the page in the sidebar. */
  readonly icon?: IconName;
  /** Works without any request stored; other pages give way to the welcome page. */
  readonly worksEmpty?: boolean;
  /** The page is about a range of time, and the time picker is shown. */
  readonly timed?: boolean;
  readonly component: LazyExoticComponent<ComponentType>;
}

export const PAGES: readonly Page[] = [
  {
    path: '/',
    title: 'Overview',
    icon: 'overview',
    timed: true,
    component: lazy(async () => ({ default: (await import('../pages/overview/overview-page.js')).OverviewPage })),
  },
  {
    path: '/requests',
    title: 'Requests',
    icon: 'requests',
    timed: true,
    component: lazy(async () => ({ default: (await import('../pages/requests/requests-page.js')).RequestsPage })),
  },
  {
    path: '/requests/$requestId',
    title: 'Request',
    worksEmpty: true,
    component: lazy(async () => ({ default: (await import('../pages/request/request-page.js')).RequestPage })),
  },
  {
    path: '/models',
    title: 'Models',
    icon: 'models',
    timed: true,
    worksEmpty: true,
    component: lazy(async () => ({ default: (await import('../pages/models/models-page.js')).ModelsPage })),
  },
  {
    path: '/errors',
    title: 'Errors',
    icon: 'errors',
    timed: true,
    component: lazy(async () => ({ default: (await import('../pages/errors/errors-page.js')).ErrorsPage })),
  },
  {
    path: '/metrics-explorer',
    title: 'Metrics',
    icon: 'metrics',
    timed: true,
    worksEmpty: true,
    component: lazy(async () => ({ default: (await import('../pages/metrics/metrics-page.js')).MetricsPage })),
  },
  {
    path: '/dashboards',
    title: 'Dashboards',
    icon: 'dashboards',
    worksEmpty: true,
    component: lazy(async () => ({ default: (await import('../pages/dashboards/dashboards-page.js')).DashboardsPage })),
  },
  {
    path: '/dashboards/$uid',
    title: 'Dashboard',
    timed: true,
    worksEmpty: true,
    component: lazy(async () => ({ default: (await import('../pages/dashboards/dashboard-page.js')).DashboardPage })),
  },
  {
    path: '/system',
    title: 'System',
    icon: 'system',
    timed: true,
    worksEmpty: true,
    component: lazy(async () => ({ default: (await import('../pages/system/system-page.js')).SystemPage })),
  },
  {
    path: '/status',
    title: 'Status',
    icon: 'status',
    worksEmpty: true,
    component: lazy(async () => ({ default: (await import('../pages/status/status-page.js')).StatusPage })),
  },
];
