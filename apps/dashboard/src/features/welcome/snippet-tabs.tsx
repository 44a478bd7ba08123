import { CopyButton } from '../../ui/copy-button.js';
import { Tabs } from '../../ui/tabs.js';
import type { Snippet } from './snippets.js';

/** Snippets as tabs, each with a button that copies it. */
export function SnippetTabs(props: { snippets: readonly Snippet[]; selected: string; onSelect: (id: string) => void }) {
  const snippet = props.snippets.find(({ id }) => id === props.selected) ?? props.snippets[0];
  return (
    <Tabs label="Ways to send a request" tabs={props.snippets} selected={props.selected} onSelect={props.onSelect}>
      {snippet !== undefined && (
        <div className="flex flex-col gap-2">
          <div className="flex items-center justify-between gap-3">
            <p className="text-[13px] text-soft">{snippet.before}</p>
            <CopyButton text={snippet.code} label="Copy" />
          </div>
          <pre
            data-testid="snippet"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
            tabIndex={0}
            className="overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs leading-relaxed"
          >
            {snippet.code}
          </pre>
        </div>
      )}
    </Tabs>
  );
}
