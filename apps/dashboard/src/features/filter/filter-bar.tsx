import { parseFilter } from '@vedetta/query';
import { useEffect, useId, useState } from 'react';
import { Button, IconButton } from '../../ui/button.js';
import { cx } from '../../ui/class-names.js';
import { Icon } from '../../ui/icon.js';
import { Kbd } from '../../ui/kbd.js';
import { useUrlState } from '../../url/use-search.js';
import { FilterChips } from './filter-chips.js';
import { Suggestions, useSuggestions } from './suggestions.js';

/** A sound filter is applied this long after the last key; Enter applies it at once. */
const APPLY_AFTER_MS = 450;

/** The search box with the filter language; what it says is in the URL. */
export function FilterBar() {
  const [{ q = '' }, change] = useUrlState();
  const [text, setText] = useState(q);
  const [known, setKnown] = useState(q);
  const id = useId();
  // The filter may change from elsewhere: a chip, a facet, the browser's back button.
  if (known !== q) {
    setKnown(q);
    setText(q);
  }
  const parsed = parseFilter(text);
  const sound = parsed.kind === 'ok';
  useEffect(() => {
    if (!sound || text === q) return;
    const timer = setTimeout(() => change({ q: text.trim() }, { replace: q !== '' }), APPLY_AFTER_MS);
    return () => clearTimeout(timer);
  }, [sound, text, q, change]);
  const suggestions = useSuggestions(text, setText, id);

  return (
    <search className="flex flex-col gap-2">
      <form
        className="relative flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          suggestions.close();
          if (sound) change({ q: text.trim() });
        }}
      >
        <label
          className={cx(
            'flex h-9 min-w-0 flex-1 items-center gap-2 rounded-md border bg-surface px-2.5 focus-within:outline-2 focus-within:outline-accent',
            sound ? 'border-line-strong' : 'border-bad',
          )}
        >
          <Icon name="search" size={14} />
          <span className="sr-only">Filter requests</span>
          <input
            data-search-box
            type="text"
            role="combobox"
            autoComplete="off"
            spellCheck={false}
            value={text}
            placeholder="Filter: words, model:gpt-4o, latency:>2s, -status:completed"
            aria-invalid={!sound}
            aria-describedby={`${id}-message`}
            aria-expanded={suggestions.found.length > 0}
            aria-controls={suggestions.id}
            {...suggestions.inputProps}
            className="h-full min-w-0 flex-1 bg-transparent outline-none placeholder:text-soft"
          />
          {text === '' ? (
            <Kbd>/</Kbd>
          ) : (
            <IconButton
              icon="close"
              label="Clear the filter"
              className="h-6! w-6!"
              onClick={() => change({ q: undefined })}
            />
          )}
        </label>
        <Suggestions state={suggestions} />
        <Button type="submit" className="sr-only focus:not-sr-only">
          Apply
        </Button>
      </form>
      <p id={`${id}-message`} role="status" className={cx('text-[13px] text-bad', sound && 'hidden')}>
        {!sound && `${parsed.message} (at character ${parsed.position + 1})`}
      </p>
      <FilterChips />
    </search>
  );
}
