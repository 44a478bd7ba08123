import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { IconButton } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { useUrlState } from '../../url/use-search.js';
import { focusRowOf } from '../keyboard/focus.js';
import { RequestDetail } from '../request-detail/request-detail.js';
import { neighbourOf, useRowList } from '../row-list/row-list.js';
import { PanelEdge, usePanelWidth } from './panel-edge.js';

/** One request beside the page it was opened from. The focus goes in when it opens and back to its row when it closes. */
export function RequestPanel({ requestId }: { requestId: string }) {
  const [search, change] = useUrlState();
  const ref = useRef<HTMLElement>(null);
  const [width, setWidth] = usePanelWidth();
  useRowList();
  const last = useRef(requestId);
  last.current = requestId;
  useEffect(() => {
    ref.current?.focus();
    return () => focusRowOf(last.current);
  }, []);
  const close = () => change({ open: undefined, tab: undefined, span: undefined });
  const go = (step: 1 | -1) => {
    const next = neighbourOf(requestId, step);
    if (next !== undefined) change({ open: next, span: undefined }, { replace: true });
  };
  const { open: _open, ...rest } = search;
  return (
    <aside
      ref={ref}
      tabIndex={-1}
      aria-label="Request"
      data-testid="request-panel"
      style={{ width: `min(100vw, ${width}px)` }}
      className="fixed inset-y-0 right-0 z-30 max-md:w-full! overflow-y-auto border-l border-line bg-surface p-4 shadow-2xl outline-none"
    >
      <PanelEdge width={width} onWidth={setWidth} />
      <RequestDetail
        key={requestId}
        requestId={requestId}
        actions={
          <div className="flex">
            <IconButton
              icon="up"
              label="Previous request (k)"
              disabled={neighbourOf(requestId, -1) === undefined}
              onClick={() => go(-1)}
            />
            <IconButton
              icon="down"
              label="Next request (j)"
              disabled={neighbourOf(requestId, 1) === undefined}
              onClick={() => go(1)}
            />
            <Link
              to="/requests/$requestId"
              params={{ requestId } as never}
              search={rest as never}
              aria-label="Open on its own page"
              title="Open on its own page"
              className="inline-flex size-8 items-center justify-center rounded-md text-soft hover:bg-sunken hover:text-ink"
            >
              <Icon name="expand" />
            </Link>
            <IconButton icon="close" label="Close the request (Esc)" onClick={close} />
          </div>
        }
      />
    </aside>
  );
}
