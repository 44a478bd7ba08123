import { useMemo, useState } from 'react';
import { formatTime } from '../../format/time.js';
import type { Frame } from '../../grafana/frame.js';
import type { Panel } from '../../grafana/model.js';
import { formatUnit } from '../../grafana/units.js';
import type { PanelSize } from './panel-size.js';
import { numberFields } from './shown-values.js';

const AXIS_WIDTH = 52;
const AXIS_HEIGHT = 20;
const MAX_CELLS = 12_000;

/** Buckets over time, darker where more lies in them. */
export function HeatmapPanel({
  panel,
  frames,
  size,
  unit,
}: {
  panel: Panel;
  frames: readonly Frame[];
  size: PanelSize;
  unit: string;
}) {
  const rows = useMemo(() => toRows(frames, panel, unit), [frames, panel, unit]);
  const [hovered, setHovered] = useState<string>();
  const times = rows[0]?.times ?? [];
  if (times.length === 0) return <p className="p-3 text-xs text-soft">There are no values.</p>;
  const most = rows.reduce((high, { values }) => values.reduce<number>((a, b) => Math.max(a, b ?? 0), high), 0);
  const [width, height] = [Math.max(40, size.width - AXIS_WIDTH), Math.max(40, size.height - AXIS_HEIGHT)];
  const [cellWidth, cellHeight] = [width / times.length, height / rows.length];
  const labelEvery = Math.max(1, Math.ceil(14 / cellHeight));
  const every = Math.max(1, Math.ceil((rows.length * times.length) / MAX_CELLS));
  const nowMs = times.at(-1) ?? 0;
  const summary = `${panel.title}: ${rows.length} buckets over ${times.length} times, at most ${formatUnit(most, 'short')} in one`;
  return (
    <figure className="relative">
      <svg
        role="img"
        aria-label={summary}
        width={size.width}
        height={size.height}
        onPointerLeave={() => setHovered(undefined)}
      >
        {rows.map(({ name, values }, r) => {
          const y = height - (r + 1) * cellHeight;
          return (
            <g key={name}>
              {r % labelEvery === 0 && (
                <text
                  x={AXIS_WIDTH - 6}
                  y={y + cellHeight / 2 + 4}
                  textAnchor="end"
                  fontSize={11}
                  fill="var(--ink-soft)"
                >
                  {name}
                </text>
              )}
              {values.map((value, t) =>
                value === null || value <= 0 || t % every !== 0 ? null : (
                  <rect
                    key={times[t]}
                    x={AXIS_WIDTH + t * cellWidth}
                    y={y}
                    width={Math.max(0.5, cellWidth * every - 0.5)}
                    height={Math.max(0.5, cellHeight - 1)}
                    fill="var(--cat-3)"
                    // By the root, so that a few are seen beside many.
                    fillOpacity={0.12 + 0.88 * Math.sqrt(value / most)}
                    onPointerEnter={() =>
                      setHovered(
                        `${formatTime(new Date(times[t] ?? 0).toISOString(), nowMs)}, ${name}: ${formatUnit(value, 'short')}`,
                      )
                    }
                  />
                ),
              )}
            </g>
          );
        })}
        {[0, Math.floor(times.length / 2), times.length - 1].map((t, i) => (
          <text
            key={t}
            x={AXIS_WIDTH + (t + 0.5) * cellWidth}
            y={size.height - 5}
            textAnchor={(['start', 'middle', 'end'] as const)[i]}
            fontSize={11}
            fill="var(--ink-soft)"
          >
            {formatTime(new Date(times[t] ?? 0).toISOString(), nowMs)}
          </text>
        ))}
      </svg>
      {hovered !== undefined && (
        <figcaption className="tabular pointer-events-none absolute top-0 right-0 rounded border border-line bg-surface px-1.5 py-0.5 text-xs">
          {hovered}
        </figcaption>
      )}
    </figure>
  );
}

function toRows(frames: readonly Frame[], panel: Panel, unit: string) {
  return numberFields(frames, panel).map(({ field, frame }) => ({
    name:
      field.upperBound === undefined
        ? field.legend || field.name
        : Number.isFinite(field.upperBound)
          ? formatUnit(field.upperBound, unit)
          : '+Inf',
    times: frame.fields.find(({ kind }) => kind === 'time')?.values.map(Number) ?? [],
    values: field.values.map((value) => (typeof value === 'number' && Number.isFinite(value) ? value : null)),
  }));
}
