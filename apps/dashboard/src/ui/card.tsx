import type { ReactNode } from 'react';
import { useId } from 'react';
import { cx } from './class-names.js';

/** A titled section on its own ground. `aside` stands at the title's right end. */
export function Card(props: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Without padding, for tables that reach the edges. */
  flush?: boolean;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={cx('flex min-w-0 flex-col rounded-lg border border-line bg-surface', props.className)}
    >
      <header className="flex min-h-10 flex-wrap items-center justify-between gap-x-3 px-4 pt-2.5 pb-1">
        <h2 id={id} className="text-[13px] font-semibold">
          {props.title}
        </h2>
        {props.aside !== undefined && <div className="text-xs text-soft">{props.aside}</div>}
      </header>
      <div className={cx('min-w-0 flex-1', props.flush !== true && 'px-4 pt-1 pb-4')}>{props.children}</div>
    </section>
  );
}
