import { useEffect, useState } from 'react';
import { THEME_CHANGE } from '../features/theme/theme.js';

/** A number that changes with the theme: canvases take the colours again when it does. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const bump = () => setVersion((current) => current + 1);
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', bump);
    window.addEventListener(THEME_CHANGE, bump);
    return () => {
      media.removeEventListener('change', bump);
      window.removeEventListener(THEME_CHANGE, bump);
    };
  }, []);
  return version;
}

/** The value of a colour token as the canvas needs it: of the theme that holds now. */
export function tokenColor(name: string): string {
  return canvasColor(`var(${name})`);
}

/** Any CSS colour as the canvas needs it: of the theme that holds now. */
export function canvasColor(css: string): string {
  const probe = document.createElement('span');
  probe.style.color = css;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
