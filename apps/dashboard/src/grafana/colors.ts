const TOKENS: Readonly<Record<string, string>> = {
  green: '--good',
  red: '--bad',
  yellow: '--warn',
  orange: '--cat-3',
  blue: '--cat-1',
  purple: '--cat-4',
  text: '--ink',
  white: '--ink',
  black: '--ink',
  gray: '--ink-soft',
};

/**
 * A colour of a dashboard as CSS of this page: named colours become the theme's own, so that they keep their contrast;
 * others are taken where they are plain colours, and the theme's first colour stands for the rest.
 */
export function cssColor(color: string): string {
  const name = color.replace(/^(?:semi-|super-)?(?:dark|light)-/, '');
  if (name === 'transparent') return 'transparent';
  if (Object.hasOwn(TOKENS, name)) return `var(${TOKENS[name]})`;
  return /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(color) || /^rgba?\([\d.,%\s/]{1,40}\)$/i.test(color)
    ? color
    : 'var(--cat-1)';
}
