import { useState } from 'react';
import { formatCount } from '../format/format.js';

const SHOWN = 1_500;

/** Text from outside with its line breaks; the rest of a long one comes on demand, so that it does not slow the page. */
export function LongText({ text }: { text: string }) {
  const [all, setAll] = useState(false);
  const cut = !all && text.length > SHOWN * 1.2;
  return (
    <div className="min-w-0">
      <p dir="auto" className="foreign whitespace-pre-wrap">
        {cut ? `${text.slice(0, SHOWN)}…` : text}
      </p>
      {cut && (
        <button type="button" onClick={() => setAll(true)} className="font-sans text-xs text-accent underline">
          Show all {formatCount(text.length)} characters
        </button>
      )}
    </div>
  );
}
