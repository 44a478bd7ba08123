import { useEffect, useState } from 'react';
import { formatFullTime } from '../../format/time.js';
import { cx } from '../../ui/class-names.js';
import type { PlotPlace } from './chart-options.js';
import { RequestLink } from './exemplar-link.js';
import type { ShownExemplar } from './exemplars.js';
import { traceOf } from './exemplars.js';
import { formatUnit } from './format-unit.js';
import type { ChartExemplar } from './types.js';

/** A trace's id fits in a line of it. */
const MAX_POPUP_PX = 340;
const MIN_POPUP_PX = 140;

interface LayerProps {
  readonly exemplars: readonly ShownExemplar[];
  readonly place: PlotPlace;
  /** Key of the one that is chosen elsewhere: in the list. */
  readonly active: string | undefined;
  readonly unit?: string;
  readonly decimals?: number;
}

/**
 * Exemplars as points over the lines; one beyond the axis is hollow, at its end. Pointing at one says what it is; a click goes to its
 * request. For the pointer alone: the list has the same for keys and readers.
 */
export function ExemplarLayer({ exemplars, place, active, ...format }: LayerProps) {
  const [pointed, setPointed] = useState<string>();
  useEffect(() => {
    if (pointed === undefined) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      setPointed(undefined);
    };
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, [pointed]);
  const { left, top, width, height } = place;
  return (
    <div
      aria-hidden="true"
      data-testid="exemplars"
      className="pointer-events-none absolute z-10"
      style={{ left, top, width, height }}
    >
      {exemplars.map((exemplar) => {
        const { key } = exemplar;
        const { x, y, beyond } = positionOf(exemplar, place);
        const shown = key === pointed || key === active;
        return (
          <div
            key={key}
            className={cx('pointer-events-auto absolute size-4 -translate-1/2', shown && 'z-20')}
            style={{ left: x, top: y }}
            onPointerEnter={() => setPointed(key)}
            onPointerLeave={() => setPointed(undefined)}
          >
            <RequestLink
              traceId={traceOf(exemplar.labels)}
              tabIndex={-1}
              className="flex size-4 items-center justify-center"
            >
              <span className={cx('size-2 rotate-45', shown && 'scale-150', lookOf(shown, beyond))} />
            </RequestLink>
            {shown && (
              <Popup
                exemplar={exemplar}
                left={x > width / 2}
                up={y > height / 2}
                roomPx={Math.max(x, width - x)}
                {...format}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}

function lookOf(shown: boolean, beyond: boolean): string {
  if (beyond) return shown ? 'border-2 border-accent bg-surface' : 'border-2 border-ink bg-surface';
  return shown ? 'bg-accent ring-1 ring-surface' : 'bg-ink ring-1 ring-surface';
}

/** Touches its point, so that the pointer gets to the link in it. */
function Popup(props: {
  exemplar: ChartExemplar;
  left: boolean;
  up: boolean;
  roomPx: number;
  unit?: string;
  decimals?: number;
}) {
  const { exemplar, left, up, roomPx } = props;
  const traceId = traceOf(exemplar.labels);
  return (
    <div
      data-testid="exemplar-popup"
      className={cx('absolute', left ? 'right-full pr-1' : 'left-full pl-1', up ? 'bottom-0' : 'top-0')}
    >
      <div
        style={{ maxWidth: Math.min(MAX_POPUP_PX, Math.max(MIN_POPUP_PX, roomPx - 16)) }}
        className="w-max rounded-md border border-line bg-surface px-2.5 py-1.5 text-xs shadow-lg"
      >
        <p className="tabular pb-1 text-soft">{formatFullTime(new Date(exemplar.timeMs).toISOString())}</p>
        <p className="font-semibold">{formatUnit(exemplar.value, props.unit, props.decimals)}</p>
        <p className="foreign pb-1 text-soft">{exemplar.series}</p>
        <dl className="grid grid-cols-[auto_1fr] gap-x-2 font-mono text-[11px]">
          {Object.entries(exemplar.labels).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="foreign text-soft">{name}</dt>
              <dd className="foreign">{value}</dd>
            </div>
          ))}
        </dl>
        {traceId !== undefined && (
          <RequestLink traceId={traceId} tabIndex={-1} className="mt-1 inline-block font-medium text-accent underline">
            Open the request
          </RequestLink>
        )}
      </div>
    </div>
  );
}

function positionOf({ timeMs, value }: ChartExemplar, place: PlotPlace): { x: number; y: number; beyond: boolean } {
  const { width, height, fromMs, toMs, min, max } = place;
  const share = max > min ? (value - min) / (max - min) : 0.5;
  const x = ((timeMs - fromMs) / (toMs - fromMs)) * width;
  return { x, y: (1 - Math.min(1, Math.max(0, share))) * height, beyond: share < 0 || share > 1 };
}
