import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { errorsQuery } from '../../api/queries.js';
import { ErrorGroups } from '../../features/error-groups.js';
import { Card } from '../../ui/card.js';
import { ErrorState } from '../../ui/states.js';
import { keepScope } from '../../url/search.js';
import { useScope, useUrlState } from '../../url/use-search.js';

const SHOWN = 5;

/** The latest causes of errors; nothing when there were none. */
export function ErrorsCard() {
  const scope = useScope();
  const [search] = useUrlState();
  const { data, isError, error, refetch } = useQuery(errorsQuery(scope));
  if (isError && data === undefined) return <ErrorState error={error} retry={() => void refetch()} />;
  if (data === undefined || data.groups.length === 0) return null;
  return (
    <Card
      title="Recent errors"
      flush
      aside={
        <Link to="/errors" search={keepScope(search) as never} className="text-accent underline">
          All errors
        </Link>
      }
    >
      <ErrorGroups groups={data.groups.slice(0, SHOWN)} />
    </Card>
  );
}
