import type { KeyboardEvent, PointerEvent } from 'react';
import { useRef } from 'react';
import type { GridPos } from '../../grafana/model.js';
import { Icon } from '../../ui/icon.js';

/** Pixels of one step of the grid. */
export interface GridUnit {
  readonly columnPx: number;
  readonly rowPx: number;
}

/**
 * Moves or resizes a panel: arrows move it by a step, with Shift they resize it; dragging does the same by pointer. While a
 * pointer is down the panel stays where it is, and goes there when it is let go.
 */
export function MoveHandle(props: {
  name: string;
  does: 'move' | 'resize';
  pos: GridPos;
  unit: GridUnit;
  onMove: (pos: GridPos) => void;
}) {
  const { pos, unit, does, onMove } = props;
  const start = useRef<{ x: number; y: number }>(undefined);
  const by = (dx: number, dy: number, resize: boolean) =>
    onMove(resize ? { ...pos, w: pos.w + dx, h: pos.h + dy } : { ...pos, x: pos.x + dx, y: pos.y + dy });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const)[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    by(step[0], step[1], event.shiftKey || does === 'resize');
  };
  const onPointerUp = (event: PointerEvent) => {
    const from = start.current;
    start.current = undefined;
    if (from === undefined) return;
    const dx = Math.round((event.clientX - from.x) / unit.columnPx);
    const dy = Math.round((event.clientY - from.y) / unit.rowPx);
    if (dx !== 0 || dy !== 0) by(dx, dy, does === 'resize');
  };
  const label =
    does === 'move'
      ? `Move ${props.name}: arrows move, Shift and arrows resize`
      : `Resize ${props.name} with the arrows`;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={
        does === 'move'
          ? 'cursor-grab! touch-none rounded p-1 text-soft hover:text-ink'
          : 'absolute right-0 bottom-0 cursor-nwse-resize! touch-none rounded p-0.5 text-soft hover:text-ink'
      }
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        start.current = undefined;
      }}
    >
      <Icon name={does === 'move' ? 'move' : 'expand'} size={13} />
    </button>
  );
}
