/** An object out of JSON that nobody has checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Longest text that is taken out of a dashboard; longer ones are cut. */
const MAX_TEXT = 20_000;

/** `undefined` for what is no object. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** An own member of an object that may be none. */
export function member(value: unknown, key: string): unknown {
  const object = asObject(value);
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The text, or the default for anything else. */
export function asText(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : otherwise;
}

/** A finite number, also when it is written as text, as old dashboards do. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A list, empty for anything else. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Texts of a list; others are left out. */
export function asTexts(value: unknown): readonly string[] {
  return asList(value)
    .filter((item) => typeof item === 'string')
    .map((item) => asText(item));
}
