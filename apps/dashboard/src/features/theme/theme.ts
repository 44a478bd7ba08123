import { readSetting, writeSetting } from '../settings.js';

export type Theme = 'system' | 'light' | 'dark';

export function currentTheme(): Theme {
  const kept = readSetting('theme');
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** Applies a theme at once and keeps it; `public/theme.js` applies it before the next page's first paint. */
export function setTheme(theme: Theme): void {
  writeSetting('theme', theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  window.dispatchEvent(new Event(THEME_CHANGE));
}

/** Event of `window` after a theme was chosen; charts read their colours again. */
export const THEME_CHANGE = 'vedetta-theme';
