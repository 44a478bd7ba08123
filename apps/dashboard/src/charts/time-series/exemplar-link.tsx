import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { keepScope } from '../../url/search.js';
import { useUrlState } from '../../url/use-search.js';

/** A way to the request of a trace; only its content where there is no trace. */
export function RequestLink(props: {
  traceId: string | undefined;
  className?: string;
  tabIndex?: number;
  children: ReactNode;
}) {
  const { traceId, children, ...rest } = props;
  const [search] = useUrlState();
  if (traceId === undefined) return <span className={props.className}>{children}</span>;
  return (
    <Link
      to="/requests/$requestId"
      params={{ requestId: traceId } as never}
      search={keepScope(search) as never}
      draggable={false}
      {...rest}
    >
      {children}
    </Link>
  );
}
