import type { ReactNode } from 'react';

interface ScrolledTableProps {
  readonly label: string;
  /** Heads of its columns, each another. */
  readonly heads: readonly string[];
  /** Its rows. */
  readonly children: ReactNode;
}

/** The figures of a chart as a table that scrolls in its place, also by key. */
export function ScrolledTable({ label, heads, children }: ScrolledTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <div className="max-h-60 min-w-0 overflow-auto" role="region" aria-label={label} tabIndex={0}>
      <table className="tabular w-full text-left">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" className="py-1 pr-3 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
