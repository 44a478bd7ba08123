const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `0 B`, `12.3 MB`: decimal units, one decimal from kilobytes on. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** `3d 4h`, `5m 12s`, `8s`: the two largest units. */
export function formatUptime(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds));
  const parts: ReadonlyArray<readonly [number, string]> = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'm'],
    [total % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first === -1) return '0s';
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value}${unit}`)
    .join(' ');
}

/** `340 ms`, `12.35 s`, `3.4 min`; `-` when unknown. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '-';
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(2)} s`;
  return `${(ms / 60_000).toFixed(1)} min`;
}

/** `98.4 %`; `-` when unknown. */
export function formatShare(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`;
}

/** `8,819`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
