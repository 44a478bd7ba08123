import { useMemo, useState } from 'react';
import { useLive } from '../../api/live.js';
import { SnippetTabs } from './snippet-tabs.js';
import { snippets } from './snippets.js';

/** The page before the first request: how to send one. It gives way by itself when one arrives. */
export function Welcome() {
  const { connection } = useLive();
  const all = useMemo(() => snippets(location.origin), []);
  const [selected, setSelected] = useState('curl');
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-5 py-4 md:py-10" data-testid="welcome">
      <div>
        <p className="text-xl font-semibold">No request has arrived yet</p>
        <p className="mt-1 text-soft">
          Send one in any of these ways. It shows here at once, with where its time went.
        </p>
      </div>
      <section aria-label="Ways to send a request" className="rounded-lg border border-line bg-surface p-4">
        <SnippetTabs snippets={all} selected={selected} onSelect={setSelected} />
      </section>
      <p role="status" className="flex items-center gap-2 text-[13px] text-soft">
        <span aria-hidden="true" className="size-2 animate-pulse rounded-full bg-busy" />
        {connection === 'open' ? 'Waiting for the first request…' : 'Connecting to the server…'}
      </p>
    </div>
  );
}
