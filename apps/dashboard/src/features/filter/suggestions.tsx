import type { ChangeEvent, KeyboardEvent } from 'react';
import { useMemo, useState } from 'react';
import { cx } from '../../ui/class-names.js';
import type { Suggestion } from './suggest.js';
import { suggest } from './suggest.js';

/** Suggestions under the filter box: arrows choose, Tab or Enter takes, Esc closes. */
export function useSuggestions(text: string, setText: (text: string) => void, id: string) {
  const [open, setOpen] = useState(false);
  const [index, setIndex] = useState(-1);
  const found = useMemo(() => (open ? suggest(text) : []), [open, text]);
  const shown = found.length > 0;
  const close = () => {
    setOpen(false);
    setIndex(-1);
  };
  const take = (suggestion: Suggestion | undefined) => {
    if (suggestion === undefined) return;
    setText(suggestion.text);
    setIndex(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      // The first Esc closes the list, the second leaves the box.
      if (shown) close();
      else (event.target as HTMLElement).blur();
    } else if (!shown) return;
    else if (event.key === 'ArrowDown') setIndex((index + 1) % found.length);
    else if (event.key === 'ArrowUp') setIndex(index <= 0 ? found.length - 1 : index - 1);
    else if (event.key === 'Tab' && !event.shiftKey) take(found[Math.max(0, index)]);
    else if (event.key === 'Enter' && index >= 0) take(found[index]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    id: `${id}-list`,
    found,
    index,
    take,
    close,
    inputProps: {
      ...(index >= 0 && { 'aria-activedescendant': `${id}-list-${index}` }),
      onChange: (event: ChangeEvent<HTMLInputElement>) => {
        setText(event.target.value);
        setOpen(true);
        setIndex(-1);
      },
      onBlur: close,
      onKeyDown,
    },
  };
}

export function Suggestions({ state }: { state: ReturnType<typeof useSuggestions> }) {
  return (
    <div
      id={state.id}
      role="listbox"
      aria-label="Suggestions"
      hidden={state.found.length === 0}
      className="absolute top-10 left-0 z-30 w-72 rounded-md border border-line bg-surface p-1 shadow-xl"
    >
      {state.found.map((suggestion, i) => (
        <div
          key={suggestion.label}
          id={`${state.id}-${i}`}
          role="option"
          aria-selected={i === state.index}
          // Before the input loses the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            state.take(suggestion);
          }}
          className={cx(
            'flex cursor-pointer justify-between rounded px-2 py-1 text-[13px]',
            i === state.index && 'bg-accent-soft',
          )}
        >
          <span className="font-mono">{suggestion.label}</span>
          <span className="text-xs text-soft">{suggestion.hint}</span>
        </div>
      ))}
    </div>
  );
}
