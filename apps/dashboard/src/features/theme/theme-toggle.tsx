import { useState } from 'react';
import { IconButton } from '../../ui/button.js';
import type { IconName } from '../../ui/icon.js';
import type { Theme } from './theme.js';
import { currentTheme, setTheme } from './theme.js';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS: Readonly<Record<Theme, IconName>> = { system: 'screen', light: 'sun', dark: 'moon' };

/** Goes round system, light and dark. */
export function ThemeToggle() {
  const [theme, setShown] = useState(currentTheme);
  const change = () => {
    setTheme(NEXT[theme]);
    setShown(NEXT[theme]);
  };
  return <IconButton icon={ICONS[theme]} label={`Theme: ${theme}. Change to ${NEXT[theme]}`} onClick={change} />;
}
