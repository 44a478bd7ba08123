import { Link } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import type { AskedQuery } from '../../features/panels/panel-data.js';
import type { JsonObject } from '../../grafana/json.js';
import { asList, asObject } from '../../grafana/json.js';
import type { Panel } from '../../grafana/model.js';
import { Button, IconButton } from '../../ui/button.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Dialog } from '../../ui/dialog.js';
import { JsonText } from '../../ui/json-text.js';
import { Popover } from '../../ui/popover.js';
import { keepScope } from '../../url/search.js';
import { useUrlState } from '../../url/use-search.js';

/** What can be done with a panel while its dashboard is edited. */
export interface PanelEdits {
  readonly onEdit: () => void;
  readonly onDuplicate: () => void;
  readonly onDelete: () => void;
}

/** The menu at a panel's title. */
export function PanelMenu(props: {
  panel: Panel;
  source: JsonObject;
  queries: readonly AskedQuery[];
  edits: PanelEdits | undefined;
}) {
  const { panel, queries, edits } = props;
  const [search, change] = useUrlState();
  const [open, setOpen] = useState(false);
  const [json, setJson] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const act = (action: () => void) => () => {
    setOpen(false);
    action();
  };
  const alone = search.viewPanel === panel.key;
  const name = panel.title || 'Panel';
  const explored = Object.fromEntries(queries.map(({ expr }, i) => [`expr${i}`, expr]));
  return (
    <>
      <Popover
        open={open}
        onClose={close}
        opener={
          <IconButton
            icon="more"
            label={`Menu of ${name}`}
            aria-expanded={open}
            aria-haspopup="dialog"
            onClick={() => setOpen(!open)}
          />
        }
      >
        <div role="dialog" aria-label={`Menu of ${name}`} className="-m-1.5 flex w-44 flex-col">
          <Item onClick={act(() => change({ viewPanel: alone ? undefined : panel.key }))}>
            {alone ? 'Back to the dashboard' : 'View alone'}
          </Item>
          {queries.length > 0 && (
            <Link
              to="/metrics-explorer"
              search={{ ...keepScope(search), ...explored } as never}
              className="rounded-md px-2.5 py-1.5 text-[13px] font-medium text-soft hover:bg-sunken hover:text-ink"
            >
              Open in Metrics
            </Link>
          )}
          <Item onClick={act(() => setJson(true))}>View JSON</Item>
          {edits !== undefined && (
            <>
              <Item onClick={act(edits.onEdit)}>Edit</Item>
              <Item onClick={act(edits.onDuplicate)}>Duplicate</Item>
              <Item onClick={act(edits.onDelete)}>Delete</Item>
            </>
          )}
        </div>
      </Popover>
      {json && (
        <Dialog title={`JSON of ${name}`} onClose={() => setJson(false)}>
          <div className="flex max-h-[65vh] flex-col items-start gap-2 overflow-auto p-4">
            <CopyButton label="Copy" text={JSON.stringify(jsonOf(props.source, panel.id), null, 2)} />
            <JsonText value={jsonOf(props.source, panel.id)} />
          </div>
        </Dialog>
      )}
    </>
  );
}

function Item({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Button look="quiet" className="justify-start!" onClick={onClick}>
      {children}
    </Button>
  );
}

function jsonOf(source: JsonObject, id: number): unknown {
  for (const panel of asList(source.panels)) {
    const object = asObject(panel);
    if (object?.id === id) return object;
    const inner = asList(object?.panels).find((one) => asObject(one)?.id === id);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
