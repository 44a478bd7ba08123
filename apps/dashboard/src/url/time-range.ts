/** Presets of the time picker, by what the URL and the API call them. */
export const RANGE_PRESETS = [
  { value: '5m', label: 'Last 5 minutes', ms: 300_000 },
  { value: '15m', label: 'Last 15 minutes', ms: 900_000 },
  { value: '30m', label: 'Last 30 minutes', ms: 1_800_000 },
  { value: '1h', label: 'Last hour', ms: 3_600_000 },
  { value: '6h', label: 'Last 6 hours', ms: 21_600_000 },
  { value: '1d', label: 'Last 24 hours', ms: 86_400_000 },
  { value: '7d', label: 'Last 7 days', ms: 604_800_000 },
  { value: '30d', label: 'Last 30 days', ms: 2_592_000_000 },
] as const;

export type RangePreset = (typeof RANGE_PRESETS)[number]['value'];

export const DEFAULT_RANGE: RangePreset = '1d';

/** `undefined` for what is no preset. */
export function toRangePreset(text: string | undefined): RangePreset | undefined {
  return RANGE_PRESETS.find((preset) => preset.value === text)?.value;
}

export function rangeLabel(preset: RangePreset): string {
  return RANGE_PRESETS.find((candidate) => candidate.value === preset)?.label ?? preset;
}

/** The preset that covers a range as Grafana writes it, `now-6h` to `now`; `undefined` for any other form. */
export function presetOf(from: string | undefined, to: string | undefined): RangePreset | undefined {
  const [, count, unit = ''] = /^now-(\d{1,5})([smhdw])$/.exec(from ?? '') ?? [];
  if (count === undefined || (to ?? 'now') !== 'now') return undefined;
  const ms = Number(count) * ({ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }[unit] ?? 0);
  return (RANGE_PRESETS.find((preset) => preset.ms >= ms) ?? RANGE_PRESETS.at(-1))?.value;
}
