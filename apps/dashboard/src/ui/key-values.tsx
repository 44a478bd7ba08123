import { JsonText } from './json-text.js';
import { LongText } from './long-text.js';

/** Named values from outside: texts as they are, everything else as JSON. Nothing when there are none. */
export function KeyValues({ title, values }: { title: string; values: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(values).filter(([, value]) => value !== '' && value !== undefined);
  if (entries.length === 0) return null;
  return (
    <div className="min-w-0">
      <h4 className="foreign pb-1 text-xs font-semibold text-soft">{title}</h4>
      <dl className="grid grid-cols-1 text-[13px] sm:grid-cols-[minmax(8rem,auto)_1fr]">
        {entries.map(([key, value]) => (
          <div key={key} className="contents">
            <dt className="foreign max-w-80 border-t border-line py-1 pr-4 font-mono text-xs leading-5 text-soft">
              {key.slice(0, 300)}
            </dt>
            <dd className="min-w-0 py-1 max-sm:pb-2 sm:border-t sm:border-line">
              {typeof value === 'object' && value !== null ? (
                <JsonText value={value} />
              ) : (
                <LongText text={String(value)} />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
