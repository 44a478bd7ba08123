import { PrometheusError } from '../../api/prometheus.js';
import { Button } from '../../ui/button.js';

const KINDS: Readonly<Record<string, string>> = {
  bad_data: 'The query is wrong',
  execution: 'The query cannot be answered',
  timeout: 'The query took too long',
  unavailable: 'The server is busy',
};

/** Why there is no answer, in the server's own words. */
export function QueryError({ error, retry }: { error: Error; retry?: () => void }) {
  const title = error instanceof PrometheusError ? KINDS[error.kind] : 'The server cannot be reached';
  return (
    <div role="alert" className="flex flex-col items-start gap-1 rounded-md border border-bad/40 bg-bad-soft p-3">
      <p className="font-semibold text-bad">{title ?? 'The query failed'}</p>
      <p className="foreign font-mono text-xs whitespace-pre-wrap">{error.message}</p>
      {retry !== undefined && (
        <Button className="mt-1" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** What the engine noticed: warnings of the answer, hints about the query. */
export function QueryNotes({ warnings, infos }: { warnings: readonly string[]; infos: readonly string[] }) {
  if (warnings.length === 0 && infos.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 text-xs">
      {warnings.map((text) => (
        <li key={`w${text}`} className="foreign rounded bg-warn-soft px-2 py-1 text-warn">
          <span className="font-semibold">Warning:</span> {text}
        </li>
      ))}
      {infos.map((text) => (
        <li key={`i${text}`} className="foreign rounded bg-busy-soft px-2 py-1 text-busy">
          <span className="font-semibold">Hint:</span> {text}
        </li>
      ))}
    </ul>
  );
}
