import { useState } from 'react';
import { serverNow } from '../../api/server-clock.js';
import { Button } from '../../ui/button.js';

/** Two points in time in the browser's zone, to the second. */
export function AbsoluteRange(props: {
  from: number | undefined;
  to: number | undefined;
  onApply: (range: { from: number; to: number }) => void;
}) {
  const [from, setFrom] = useState(() => toLocalInput(props.from ?? serverNow() - 3_600_000));
  const [to, setTo] = useState(() => toLocalInput(props.to ?? serverNow()));
  const range = { from: new Date(from).getTime(), to: new Date(to).getTime() };
  const sound = range.from < range.to;
  const inputs = [
    { label: 'From', value: from, set: setFrom },
    { label: 'To', value: to, set: setTo },
  ];
  return (
    <form
      className="flex flex-col gap-2 border-t border-line pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (sound) props.onApply(range);
      }}
    >
      {inputs.map(({ label, value, set }) => (
        <label key={label} className="flex items-center justify-between gap-2 text-[13px]">
          {label}
          <input
            type="datetime-local"
            step={1}
            required
            value={value}
            onChange={(event) => set(event.target.value)}
            className="rounded border border-line-strong bg-surface px-1.5 py-1"
          />
        </label>
      ))}
      {!sound && <p className="text-xs text-bad">The start must lie before the end.</p>}
      <Button type="submit" look="primary" disabled={!sound}>
        Show this range
      </Button>
    </form>
  );
}

/** `2026-11-21T10:00:00` in the browser's zone: what the input reads and writes. */
function toLocalInput(unixMs: number): string {
  const date = new Date(unixMs);
  return new Date(unixMs - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
