import { ApiError } from '@vedetta/client';
import type { ReactNode } from 'react';
import { Button } from './button.js';
import { cx } from './class-names.js';

/** Stands for content that is on its way, in its size, so that nothing jumps. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cx('animate-pulse rounded bg-sunken', className)} />;
}

/** Several lines that are on their way; said once to screen readers. */
export function SkeletonRows({ rows = 5, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div role="status" className="flex flex-col gap-2.5 py-2">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <Skeleton key={i} className={cx('h-5', i % 3 === 1 ? 'w-4/5' : i % 3 === 2 ? 'w-3/5' : 'w-full')} />
      ))}
    </div>
  );
}

/** What failed, in the server's own words, and a way to try again. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const api = error instanceof ApiError ? error : undefined;
  // One field's fault is the detail already.
  const fields = api?.problem.errors?.filter((field) => !api.message.includes(field.message)) ?? [];
  return (
    <div role="alert" className="flex flex-col items-start gap-2 rounded-md border border-bad/40 bg-bad-soft p-4">
      <p className="font-semibold text-bad">{api?.problem.title ?? 'The server cannot be reached'}</p>
      <p className="foreign text-[13px]">{api?.message ?? describe(error)}</p>
      {fields.map((field) => (
        <p key={field.field} className="foreign text-[13px]">
          <code>{field.field}</code>: {field.message}
        </p>
      ))}
      {retry !== undefined && <Button onClick={retry}>Try again</Button>}
    </div>
  );
}

/** Says that there is nothing and why, with what can be done about it. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-8 text-center">
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-md text-[13px] text-soft">{children}</div>}
    </div>
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.message}. Is "vedetta start" still running?` : String(error);
}
