import { Dialog } from '../../ui/dialog.js';
import { Kbd } from '../../ui/kbd.js';

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['Ctrl', 'K'], 'search and commands (Cmd K on a Mac)'],
  [['j'], 'next request'],
  [['k'], 'previous request'],
  [['Enter'], 'open the request'],
  [['Esc'], 'close the request or dialog'],
  [['/'], 'go to the filter, or to the first query'],
  [['Ctrl', 'Enter'], 'run the query (Cmd Enter on a Mac)'],
  [['?'], 'this help'],
];

const FILTERS: readonly (readonly [example: string, what: string])[] = [
  ['timeout', 'the word in name, previews, error, user, session or id'],
  ['model:gpt-4o,gpt-4.1', 'either of two models; * stands for any text'],
  ['latency:>2s', 'slower than two seconds; also ttft, tokens, cost'],
  ['-status:completed', 'everything but what completed'],
  ['error:~refused', 'an error that contains the text'],
  ['model:a OR (user:b status:failed)', 'groups'],
];

/** The keys and the filter language at a glance. */
export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys and filters" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5 px-4 py-3 text-[13px]">
        {KEYS.map(([keys, what]) => (
          <div key={what} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <dl className="grid grid-cols-1 gap-x-4 gap-y-1.5 border-t border-line px-4 py-3 text-[13px] sm:grid-cols-[auto_1fr]">
        {FILTERS.map(([example, what]) => (
          <div key={example} className="contents">
            <dt className="font-mono text-xs">{example}</dt>
            <dd className="text-soft">{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
