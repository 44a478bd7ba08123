/** The value that stands for label values beyond the limit. */
export const OVERFLOW = 'other';

/** The series of one metric by their label values, and no more of them than allowed. */
export class SeriesMap<T> {
  readonly #labels: number;
  readonly #maxSeries: number;
  readonly #create: () => T;
  readonly #series = new Map<string, { readonly labelValues: readonly string[]; readonly state: T }>();
  #overflows = 0;

  constructor(labels: number, maxSeries: number, create: () => T) {
    this.#labels = labels;
    this.#maxSeries = maxSeries;
    this.#create = create;
  }

  /** How often a series was asked for that could not be had; those went to one series whose labels are all {@link OVERFLOW}. */
  get overflows(): number {
    return this.#overflows;
  }

  /** The state of a series, made when it is new. Too few values are filled up with `''`; what is no text becomes one. */
  of(values: readonly unknown[]): T {
    const labelValues = Array.from({ length: this.#labels }, (_, i) => toLabelValue(values[i]));
    const key = labelValues.length === 1 ? (labelValues[0] as string) : JSON.stringify(labelValues);
    const known = this.#series.get(key);
    if (known !== undefined) return known.state;
    // One place is kept for the overflow.
    if (
      this.#series.size >= this.#maxSeries - 1 &&
      this.#labels > 0 &&
      !labelValues.every((value) => value === OVERFLOW)
    ) {
      this.#overflows += 1;
      return this.of(new Array<string>(this.#labels).fill(OVERFLOW));
    }
    const state = this.#create();
    this.#series.set(key, { labelValues, state });
    return state;
  }

  values(): Iterable<{ readonly labelValues: readonly string[]; readonly state: T }> {
    return this.#series.values();
  }

  clear(): void {
    this.#series.clear();
  }
}

const MAX_VALUE_LENGTH = 200;

function toLabelValue(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value);
  if (text.length <= MAX_VALUE_LENGTH) return text;
  // Half of a surrogate pair at the end is no character.
  return text.slice(0, MAX_VALUE_LENGTH).replace(/[\ud800-\udbff]$/, '');
}
