import { useQuery } from '@tanstack/react-query';
import { activeQuery } from '../../api/queries.js';
import { formatCount, formatTokens } from '../../format/format.js';
import { Card } from '../../ui/card.js';
import { Elapsed } from '../../ui/elapsed.js';
import { ErrorState } from '../../ui/states.js';
import { useUrlState } from '../../url/use-search.js';

const SHOWN = 8;

/** Requests that run now, longest first, with what they are doing; nothing when none runs. */
export function ActiveCard() {
  const { data, isError, error, refetch } = useQuery(activeQuery());
  const [, change] = useUrlState();
  if (isError && data === undefined) return <ErrorState error={error} retry={() => void refetch()} />;
  const requests = data?.requests ?? [];
  if (requests.length === 0) return null;
  return (
    <Card title="Active now" aside={`${formatCount(requests.length)} running`}>
      <ul className="grid grid-cols-1 gap-x-6 gap-y-1 md:grid-cols-2" data-testid="active">
        {requests.slice(0, SHOWN).map((request) => (
          <li key={request.request_id}>
            <button
              type="button"
              onClick={() => change({ open: request.request_id, span: undefined })}
              className="flex w-full items-center gap-3 rounded-md px-1.5 py-1 text-left text-[13px] hover:bg-sunken"
            >
              <span aria-hidden="true" className="size-2 shrink-0 animate-pulse rounded-full bg-busy" />
              <bdi className="min-w-0 flex-1 truncate font-medium">{request.name.slice(0, 300)}</bdi>
              {request.current_phase !== '' && (
                <bdi className="max-w-40 truncate rounded bg-busy-soft px-1.5 text-xs text-busy">
                  {request.current_phase}
                </bdi>
              )}
              {request.output_tokens !== null && (
                <span className="tabular shrink-0 text-xs text-soft" title="Tokens so far">
                  {formatTokens(request.output_tokens, request.usage_estimated)} out
                </span>
              )}
              <bdi className="max-w-32 truncate text-xs text-soft max-sm:hidden">{request.model}</bdi>
              <span className="tabular w-20 shrink-0 whitespace-nowrap text-right text-busy">
                <Elapsed startTime={request.start_time} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {requests.length > SHOWN && (
        <button
          type="button"
          onClick={() => change({ q: 'status:running' })}
          className="mt-2 text-[13px] text-accent underline"
        >
          Show all {formatCount(requests.length)}
        </button>
      )}
    </Card>
  );
}
