import { categoryColor } from '../../ui/bar.js';

const HUES = 8;

/** Colour of the n-th series: eight hues, then the same darker and lighter. */
export function seriesColor(index: number): string {
  const hue = categoryColor(index);
  const round = Math.floor(index / HUES) % 3;
  if (round === 0) return hue;
  return `color-mix(in srgb, ${hue} 62%, var(${round === 1 ? '--ink' : '--surface'}))`;
}

/** Dashes from the 25th series on, where hues and shades have all been used. */
export function seriesDash(index: number): number[] | undefined {
  const round = Math.floor(index / (HUES * 3)) % 3;
  return round === 0 ? undefined : round === 1 ? [7, 4] : [2, 3];
}
