/** The course of values without axes; decoration beside the figure it belongs to. */
export function Sparkline({ values, color }: { values: readonly (number | string | null)[]; color: string }) {
  const points = values.flatMap((value, i) =>
    typeof value === 'number' && Number.isFinite(value) ? [[i, value] as const] : [],
  );
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return null;
  const [low, high] = points.reduce(
    ([low, high], [, value]) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const y = (value: number) => (high === low ? 20 : 38 - ((value - low) / (high - low)) * 34);
  const x = (i: number) => (i / Math.max(1, values.length - 1)) * 100;
  const line = points
    .map(([i, value], n) => `${n === 0 ? 'M' : 'L'}${x(i).toFixed(2)} ${y(value).toFixed(2)}`)
    .join('');
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 100 40"
      preserveAspectRatio="none"
      className="absolute inset-x-0 bottom-0 h-2/5 w-full opacity-60"
    >
      <path d={`${line}L${x(last[0])} 40L${x(first[0])} 40Z`} fill={color} opacity={0.18} />
      <path d={line} fill="none" stroke={color} strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
