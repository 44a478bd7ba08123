import type { KeyboardEvent, ReactNode } from 'react';
import { useId, useRef } from 'react';
import { cx } from './class-names.js';

export interface Tab {
  readonly id: string;
  readonly label: ReactNode;
}

/** Tabs by the ARIA pattern: arrows, Home and End move; the panel belongs to the selected tab. */
export function Tabs(props: {
  label: string;
  tabs: readonly Tab[];
  selected: string;
  onSelect: (id: string) => void;
  children: ReactNode;
}) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const index = Math.max(
    0,
    props.tabs.findIndex((tab) => tab.id === props.selected),
  );
  const move = (event: KeyboardEvent) => {
    const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: props.tabs.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const next = (target + props.tabs.length) % props.tabs.length;
    props.onSelect(props.tabs[next]?.id ?? props.selected);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div className="min-w-0">
      <div
        ref={list}
        role="tablist"
        aria-label={props.label}
        onKeyDown={move}
        className="flex gap-1 overflow-x-auto border-b border-line"
      >
        {props.tabs.map((tab, i) => (
          <button
            key={tab.id}
            id={`${base}-${tab.id}`}
            type="button"
            role="tab"
            aria-selected={i === index}
            aria-controls={`${base}-panel`}
            tabIndex={i === index ? 0 : -1}
            onClick={() => props.onSelect(tab.id)}
            className={cx(
              '-mb-px border-b-2 px-3 py-2 text-[13px] font-medium whitespace-nowrap',
              i === index ? 'border-accent text-ink' : 'border-transparent text-soft hover:text-ink',
            )}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        id={`${base}-panel`}
        role="tabpanel"
        aria-labelledby={`${base}-${props.tabs[index]?.id ?? ''}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the ARIA pattern asks for a panel that can be focused
        tabIndex={0}
        className="pt-3"
      >
        {props.children}
      </div>
    </div>
  );
}
