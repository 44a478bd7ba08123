import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';

/** Content under its opener; a click outside or Esc closes it and gives the focus back. `opener` must be a button. */
export function Popover(props: { open: boolean; onClose: () => void; opener: ReactNode; children: ReactNode }) {
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
        <div className="absolute right-0 z-40 mt-1 rounded-lg border border-line bg-surface p-3 shadow-xl max-sm:-right-16">
          {props.children}
        </div>
      )}
    </div>
  );
}
