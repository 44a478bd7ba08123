import type { Page } from './pages.js';
import { PAGES } from './pages.js';

/** The page of a path, by its pattern; `undefined` when there is none. */
export function findPage(pathname: string): Page | undefined {
  const parts = pathname.replace(/\/+$/, '').split('/');
  return PAGES.find((page) => {
    const pattern = page.path.replace(/\/+$/, '').split('/');
    return pattern.length === parts.length && pattern.every((part, i) => part === parts[i] || part.startsWith('$'));
  });
}
