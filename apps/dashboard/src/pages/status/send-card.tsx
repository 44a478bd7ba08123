import { useMemo, useState } from 'react';
import { SnippetTabs } from '../../features/welcome/snippet-tabs.js';
import { snippets } from '../../features/welcome/snippets.js';
import { Card } from '../../ui/card.js';

/** How to send data, also after the first request. */
export function SendCard() {
  const all = useMemo(() => snippets(location.origin), []);
  const [selected, setSelected] = useState('otel');
  return (
    <Card title="Send data" className="lg:col-span-2">
      <SnippetTabs snippets={all} selected={selected} onSelect={setSelected} />
    </Card>
  );
}
