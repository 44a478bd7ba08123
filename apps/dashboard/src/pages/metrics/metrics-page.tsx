import { useEffect, useMemo, useRef, useState } from 'react';
import { useTimeChoice } from '../../features/promql/use-time-choice.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { MAX_PANELS } from '../../url/search.js';
import { useUrlState } from '../../url/use-search.js';
import type { EditorHandle } from './editor/promql-editor.js';
import { MetricBrowser } from './metric-browser.js';
import { PanelCard } from './panel-card.js';
import type { Panel } from './panels.js';
import { EMPTY_PANEL, readPanels, writePanels } from './panels.js';
import { ResolutionSelect } from './resolution-select.js';

/** Asks in PromQL, several queries on one page. Everything that is chosen is in the link. */
export function MetricsPage() {
  const [search, change] = useUrlState();
  const panels = useMemo(() => readPanels(search), [search]);
  const time = useTimeChoice();
  const [keys, setKeys] = usePanelKeys(panels.length);
  const editors = useRef(new Map<number, EditorHandle>());
  const [active, setActive] = useState(0);
  const [browsing, setBrowsing] = useState(false);
  const [focused, setFocused] = useState<number>();

  const save = (next: readonly Panel[]) => change(writePanels(next));
  const insertAt = (index: number, panel: Panel) => {
    const key = nextKey(keys);
    setKeys(keys.toSpliced(index, 0, key));
    setFocused(key);
    save(panels.toSpliced(index, 0, panel));
  };
  const remove = (index: number) => {
    // The last one makes room for an empty one.
    const next = keys.length === 1 ? [nextKey(keys)] : keys.toSpliced(index, 1);
    setKeys(next);
    setFocused(next[Math.min(index, next.length - 1)]);
    save(panels.toSpliced(index, 1));
  };
  // What is added gets the focus, and what takes the place of what is removed.
  const settled = focused !== undefined && keys.includes(focused) && keys.length === panels.length;
  useEffect(() => {
    if (!settled || focused === undefined) return;
    editors.current.get(focused)?.focus();
    setFocused(undefined);
  }, [settled, focused]);
  const full = panels.length >= MAX_PANELS;
  return (
    <div className="mx-auto flex max-w-[100rem] flex-col gap-3 md:gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <Button onClick={() => setBrowsing(true)}>
          <Icon name="search" size={14} />
          List of metrics
        </Button>
        <ResolutionSelect time={time} />
        <Button className="ml-auto" disabled={full} onClick={() => insertAt(panels.length, EMPTY_PANEL)}>
          <Icon name="plus" size={14} />
          Add a query
        </Button>
      </div>
      {panels.map((panel, index) => (
        <PanelCard
          key={keys[index]}
          panel={panel}
          letter={letterOf(index)}
          time={time}
          alone={panels.length === 1}
          editor={(handle) => {
            const key = keys[index] ?? index;
            if (handle === null) editors.current.delete(key);
            else editors.current.set(key, handle);
          }}
          onChange={(next) => save(panels.with(index, { ...panel, ...next }))}
          onDuplicate={(expr) => !full && insertAt(index + 1, { ...panel, expr: expr.trim() })}
          onRemove={() => remove(index)}
          onFocus={() => setActive(keys[index] ?? 0)}
        />
      ))}
      {browsing && (
        <MetricBrowser
          onClose={() => setBrowsing(false)}
          onChoose={(query) => (editors.current.get(active) ?? [...editors.current.values()][0])?.insert(query)}
        />
      )}
    </div>
  );
}

/**
 * A key a panel, that stays with it and what was typed into it while others come and go. The address follows a change a moment
 * later: until it has as many panels as there are keys, the keys from before hold. Links and the back button add and take
 * away at the end.
 */
function usePanelKeys(count: number) {
  const [{ before, after }, setBoth] = useState(() => {
    const first: readonly number[] = Array.from({ length: count }, (_, i) => i);
    return { before: first, after: first };
  });
  const fitting = [after, before].find((keys) => keys.length === count);
  const keys = fitting ?? fitKeys(after, count);
  return [keys, (next: readonly number[]) => setBoth({ before: keys, after: next })] as const;
}

function fitKeys(keys: readonly number[], count: number): readonly number[] {
  const fitting = keys.slice(0, count);
  while (fitting.length < count) fitting.push(nextKey([...keys, ...fitting]));
  return fitting;
}

function nextKey(keys: readonly number[]): number {
  return Math.max(-1, ...keys) + 1;
}

/** `A` to `Z`. */
function letterOf(index: number): string {
  return String.fromCharCode(65 + (index % 26));
}
