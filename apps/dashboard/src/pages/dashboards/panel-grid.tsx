import { useState } from 'react';
import { PanelCard } from '../../features/panels/panel-card.js';
import { useBox } from '../../features/panels/use-box.js';
import type { JsonObject } from '../../grafana/json.js';
import type { GridPos, Panel } from '../../grafana/model.js';
import { GRID_COLUMNS } from '../../grafana/parse-panel.js';
import type { PlacedRow } from '../../grafana/place-panels.js';
import { Icon } from '../../ui/icon.js';
import { useUrlState } from '../../url/use-search.js';
import { MoveHandle } from './move-handle.js';
import { type PanelEdits, PanelMenu } from './panel-menu.js';
import type { DashboardScope } from './use-dashboard-scope.js';

const ROW_PX = 30;
const GAP_PX = 8;
/** Below this the grid is one column: 24 columns would be too narrow to read. */
const NARROW_PX = 720;
const FULL_HEIGHT = 'max(24rem, calc(100vh - 12rem))';

/** Edits of panels; absent while the dashboard is only looked at. */
export interface GridEdits {
  readonly of: (panel: Panel) => PanelEdits;
  readonly onMove: (panel: Panel, pos: GridPos) => void;
}

interface GridProps {
  readonly source: JsonObject;
  readonly scope: DashboardScope['scope'];
  readonly edits: GridEdits | undefined;
}

/** Rows of panels as the dashboard places them; one panel alone where the address says so. */
export function PanelGrid({ rows, ...props }: GridProps & { rows: readonly PlacedRow[] }) {
  const [{ viewPanel }, change] = useUrlState();
  const { ref, size } = useBox<HTMLDivElement>();
  const zoom = {
    onZoom: (from: number, to: number) => change({ from, to }),
    onReset: () => change({ from: undefined, to: undefined }),
  };
  const alone = rows.flatMap(({ panels }) => panels).find(({ key }) => key === viewPanel);
  return (
    <div ref={ref} className="flex flex-col gap-2">
      {alone !== undefined ? (
        <div style={{ height: FULL_HEIGHT }}>
          <GridPanel panel={alone} width={size.width} {...props} {...zoom} edits={undefined} top={0} />
        </div>
      ) : (
        rows.map((row) => <GridRow key={row.key} row={row} width={size.width} {...props} {...zoom} />)
      )}
    </div>
  );
}

interface Zoom {
  readonly onZoom: (fromMs: number, toMs: number) => void;
  readonly onReset: () => void;
}

function GridRow({ row, width, ...props }: GridProps & Zoom & { row: PlacedRow; width: number }) {
  const [open, setOpen] = useState(!row.collapsed);
  const narrow = width < NARROW_PX;
  const top = Math.min(...row.panels.map(({ gridPos }) => gridPos.y), Number.POSITIVE_INFINITY);
  return (
    <section className="flex flex-col gap-2" aria-label={row.title || 'Panels'}>
      {row.id !== undefined && (
        <h2 className="text-[13px] font-semibold">
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="flex w-full items-center gap-1.5 rounded py-1 text-left hover:text-accent"
          >
            <Icon name={open ? 'down' : 'right'} size={13} />
            <span className="foreign">{row.title || 'Row'}</span>
            {!open && <span className="font-normal text-soft">{row.panels.length} panels</span>}
          </button>
        </h2>
      )}
      {open && width > 0 && (
        <div
          className="grid min-w-0"
          style={{
            gap: GAP_PX,
            gridTemplateColumns: narrow ? 'minmax(0, 1fr)' : `repeat(${GRID_COLUMNS}, minmax(0, 1fr))`,
            ...(!narrow && { gridAutoRows: ROW_PX }),
          }}
        >
          {row.panels
            .toSorted((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x)
            .map((panel) => {
              const { x, y, w, h } = panel.gridPos;
              const place = narrow
                ? { height: h * (ROW_PX + GAP_PX) - GAP_PX }
                : { gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` };
              return (
                <div key={panel.key} className="relative min-w-0" style={place}>
                  <GridPanel panel={panel} width={width} top={top} {...props} />
                </div>
              );
            })}
        </div>
      )}
    </section>
  );
}

function GridPanel(props: GridProps & Zoom & { panel: Panel; width: number; top: number }) {
  const { panel, source, scope, edits, width } = props;
  const unit = { columnPx: width / GRID_COLUMNS, rowPx: ROW_PX + GAP_PX };
  // Copies of a repeated panel have the place of the first.
  const move =
    edits === undefined || panel.scopedVariables.size > 0 ? undefined : (pos: GridPos) => edits.onMove(panel, pos);
  const name = panel.title || 'the panel';
  return (
    <>
      <PanelCard
        panel={panel}
        scope={scope}
        onZoom={props.onZoom}
        onReset={props.onReset}
        menu={(queries) => <PanelMenu panel={panel} source={source} queries={queries} edits={edits?.of(panel)} />}
        handle={
          move !== undefined && <MoveHandle name={name} does="move" pos={panel.gridPos} unit={unit} onMove={move} />
        }
      />
      {move !== undefined && <MoveHandle name={name} does="resize" pos={panel.gridPos} unit={unit} onMove={move} />}
    </>
  );
}
