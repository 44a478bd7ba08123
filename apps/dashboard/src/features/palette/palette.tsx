import { useNavigate } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import { useLive } from '../../api/live.js';
import { cx } from '../../ui/class-names.js';
import { Dialog } from '../../ui/dialog.js';
import { useUrlState } from '../../url/use-search.js';
import { buildCommands, matchCommands } from './commands.js';

/** Ctrl-K: goes to pages and requests, sets ranges and themes, searches. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const list = useId();
  const navigate = useNavigate();
  const [search, change] = useUrlState();
  const live = useLive();
  const commands = useMemo(() => buildCommands({ navigate, search, change, live }), [navigate, search, change, live]);
  const found = matchCommands(commands, text, { navigate, search });
  const selected = Math.min(index, found.length - 1);
  const run = (at: number) => {
    onClose();
    found[at]?.run();
  };
  return (
    <Dialog title="Search and commands" hideTitle onClose={onClose}>
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={`${list}-${selected}`}
        aria-label="Search and commands"
        placeholder="Go to a page, find a request, set the range…"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setIndex(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setIndex(Math.min(selected + 1, found.length - 1));
          else if (event.key === 'ArrowUp') setIndex(Math.max(selected - 1, 0));
          else if (event.key === 'Enter') run(selected);
          else return;
          event.preventDefault();
        }}
        className="w-full border-b border-line bg-transparent px-4 py-3 outline-none"
      />
      <div id={list} role="listbox" aria-label="Commands" className="max-h-80 overflow-y-auto p-2">
        {found.map((command, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above holds the focus and has the keys
          <div
            key={command.label}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === selected}
            onClick={() => run(i)}
            onPointerMove={() => setIndex(i)}
            className={cx(
              'flex cursor-pointer justify-between gap-4 rounded px-3 py-2',
              i === selected && 'bg-accent-soft',
            )}
          >
            <span className="foreign">{command.label}</span>
            <span className="shrink-0 text-xs text-soft">{command.group}</span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
