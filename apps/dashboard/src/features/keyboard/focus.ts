/** Moves the focus to the next or previous row of the page's list; to the first when no row has it. */
export function focusRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-request-row]')];
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[current < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, current + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** Gives the focus to the row of a request, when it is shown. */
export function focusRowOf(requestId: string): void {
  document.querySelector<HTMLElement>(`[data-request-row="${CSS.escape(requestId)}"]`)?.focus();
}

/** Gives the focus to the page's search box; false when it has none. */
export function focusSearch(): boolean {
  const input = document.querySelector<HTMLElement>('[data-search-box]');
  input?.focus();
  if (input instanceof HTMLInputElement) input.select();
  return input !== null;
}
