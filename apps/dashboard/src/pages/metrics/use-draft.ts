import { useState } from 'react';

/**
 * The text of a query while it is edited, beside the one in the address. The address follows what is run a moment later, and what was
 * typed in that moment must stay; a link or the browser's back button puts its own query in place of the draft.
 */
export function useDraft(expr: string) {
  const [draft, setDraft] = useState(expr);
  const [known, setKnown] = useState(expr);
  /** Queries that were run and that the address does not have yet. */
  const [sent, setSent] = useState<readonly string[]>([]);
  if (known !== expr) {
    const arrived = sent.lastIndexOf(expr);
    setKnown(expr);
    setSent(arrived === -1 ? [] : sent.slice(arrived + 1));
    if (arrived === -1) setDraft(expr);
  }
  return {
    draft,
    setDraft,
    /** What the address has, or will have in a moment. */
    coming: sent.at(-1) ?? expr,
    /** To be called with each query that goes into the address. */
    noteSent: (query: string) => setSent((before) => [...before, query]),
  };
}
