import { KNOWN_PHASES } from '@vedetta/model';
import { cx } from './class-names.js';

/** Part of a whole as a bar; `value` is 0 to 1. The figure stands beside it as text, so that the bar itself is decoration. */
export function Bar({ value, color, className }: { value: number; color?: string; className?: string }) {
  const width = `${Math.max(0, Math.min(1, value)) * 100}%`;
  return (
    <div aria-hidden="true" className={cx('h-1.5 overflow-hidden rounded-full bg-sunken', className)}>
      <div className="h-full min-w-px rounded-full" style={{ width, background: color ?? 'var(--cat-1)' }} />
    </div>
  );
}

/** Colours of categories, told apart in both themes; the n-th category has the n-th colour. */
export function categoryColor(index: number): string {
  return `var(--cat-${(((index % 8) + 8) % 8) + 1})`;
}

/** The same colour for the same name on every page; the phases that most users have never share one. */
export function nameColor(name: string): string {
  const known = (KNOWN_PHASES as readonly string[]).indexOf(name);
  if (known >= 0) return categoryColor(known);
  // FNV-1a over the first characters: names that differ in one letter get different colours.
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length && i < 64; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return categoryColor(hash >>> 8);
}
