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

/** The same colour for the same name on every page. */
export function nameColor(name: string): string {
  let hash = 0;
  for (let i = 0; i < name.length && i < 64; i++) hash = (hash * 31 + name.charCodeAt(i)) | 0;
  return categoryColor(Math.abs(hash));
}
