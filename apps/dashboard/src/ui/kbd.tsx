/** A key of the keyboard. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="rounded border border-line bg-sunken px-1 py-px font-mono text-[11px] text-soft">{children}</kbd>
  );
}
