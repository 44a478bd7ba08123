import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { cx } from './class-names.js';

/** Content under its opener; a click outside or Esc closes it and gives the focus back. `opener` must be a button. */
export function Popover(props: {
  open: boolean;
  onClose: () => void;
  opener: ReactNode;
  children: ReactNode;
  /** Edge of the opener that the content lines up with; the right one where it is absent. */
  align?: 'left' | 'right';
}) {
  const ref = useRef<HTMLDivElement>(null);
  const { open, onClose } = props;
  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && ref.current?.contains(event.target) !== true) onClose();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      onClose();
      ref.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', onPointer);
    document.addEventListener('keydown', onKey, true);
    return () => {
      document.removeEventListener('pointerdown', onPointer);
      document.removeEventListener('keydown', onKey, true);
    };
  }, [open, onClose]);
  return (
    <div ref={ref} className="relative">
      {props.opener}
      {open && (
        <div
          className={cx(
            'absolute z-40 mt-1 rounded-lg border border-line bg-surface p-3 shadow-xl',
            props.align === 'left' ? 'left-0' : 'right-0 max-sm:-right-16',
          )}
        >
          {props.children}
        </div>
      )}
    </div>
  );
}
