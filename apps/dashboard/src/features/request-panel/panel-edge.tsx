import { useState } from 'react';
import { readSetting, writeSetting } from '../settings.js';

const MIN = 380;
const MAX = 1_600;
const STEP = 40;

/** The panel's width in pixels, kept in this browser. */
export function usePanelWidth(): readonly [number, (width: number) => void] {
  const [width, setWidth] = useState(() => clamp(Number(readSetting('panel-width')) || Math.round(innerWidth * 0.58)));
  return [
    width,
    (next) => {
      setWidth(clamp(next));
      writeSetting('panel-width', String(clamp(next)));
    },
  ];
}

/** The panel's left edge: drag it, or use the arrow keys. */
export function PanelEdge({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  return (
    <div
      role="separator"
      aria-label="Width of the panel"
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') onWidth(width + STEP);
        else if (event.key === 'ArrowRight') onWidth(width - STEP);
        else return;
        event.preventDefault();
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) onWidth(innerWidth - event.clientX);
      }}
      className="fixed inset-y-0 z-40 -ml-5 w-2 cursor-col-resize touch-none hover:bg-accent/30 max-md:hidden"
    />
  );
}

function clamp(width: number): number {
  return Math.round(Math.max(MIN, Math.min(MAX, width)));
}
