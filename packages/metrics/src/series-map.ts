/** The value that stands for label values beyond the limit. */
export const OVERFLOW = 'other';

interface Series<T> {
  readonly labelValues: readonly string[];
  readonly state: T;
}

/** By the value of a label: the next label's node, or after the last one the series. */
type Node<T> = Map<string, Node<T> | Series<T>>;

/**
 * The series of one metric by their label values, and no more of them than allowed. A tree with a level a label: finding a
 * series that is there takes one look-up for each label and makes no garbage.
 */
export class SeriesMap<T> {
  readonly #labels: number;
  readonly #maxSeries: number;
  readonly #create: () => T;
  readonly #all: Series<T>[] = [];
  #root: Node<T> = new Map();
  #unlabelled: Series<T> | undefined;
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

  get size(): number {
    return this.#all.length;
  }

  /** The state of a series, made when it is new. Too few values are filled up with `''`; what is no text becomes one. */
  of(values: readonly unknown[]): T {
    const known = this.#find(values);
    if (known !== undefined) return known.state;
    // Only clean values are in the tree, so that what is long, broken or no text at all is looked up once more as what it becomes.
    const labelValues = Array.from({ length: this.#labels }, (_, i) => toLabelValue(values[i]));
    return (this.#find(labelValues) ?? this.#make(labelValues)).state;
  }

  values(): Iterable<Series<T>> {
    return this.#all;
  }

  clear(): void {
    this.#all.length = 0;
    this.#root = new Map();
    this.#unlabelled = undefined;
  }

  #find(values: readonly unknown[]): Series<T> | undefined {
    const last = this.#labels - 1;
    if (last < 0) return this.#unlabelled;
    let node = this.#root;
    for (let i = 0; i < last; i += 1) {
      const next = node.get(keyOf(values[i]));
      if (next === undefined) return undefined;
      node = next as Node<T>;
    }
    return node.get(keyOf(values[last])) as Series<T> | undefined;
  }

  #make(labelValues: readonly string[]): Series<T> {
    // One place is kept for the overflow.
    const isFull = this.#all.length >= this.#maxSeries - 1 && this.#labels > 0;
    if (isFull && !labelValues.every((value) => value === OVERFLOW)) {
      this.#overflows += 1;
      const others = new Array<string>(this.#labels).fill(OVERFLOW);
      return this.#find(others) ?? this.#make(others);
    }
    const series = { labelValues, state: this.#create() };
    this.#all.push(series);
    const last = this.#labels - 1;
    if (last < 0) {
      this.#unlabelled = series;
      return series;
    }
    let node = this.#root;
    for (let i = 0; i < last; i += 1) {
      const value = labelValues[i] as string;
      let next = node.get(value) as Node<T> | undefined;
      if (next === undefined) {
        next = new Map();
        node.set(value, next);
      }
      node = next;
    }
    node.set(labelValues[last] as string, series);
    return series;
  }
}

/** The value as it is in the tree when it is there at all: statuses and the like are numbers. */
function keyOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : (value as string);
}

const MAX_VALUE_LENGTH = 200;
/** Past this a text is not looked at: one that was put together from parts is laid out in memory when it is read. */
const MAX_READ_LENGTH = 2 * 1024 * 1024;

/** String methods of ES2024 that Node 20 has and the ES2023 library does not declare. */
interface WellFormed {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/** Text of any value: at most 200 characters, which every encoding of text can carry. Never throws. */
function toLabelValue(value: unknown): string {
  const text = textOf(value);
  if (text.length > MAX_READ_LENGTH) return `[${text.length} characters]`;
  // Half of a surrogate pair at the end is no character.
  const cut = text.length <= MAX_VALUE_LENGTH ? text : text.slice(0, MAX_VALUE_LENGTH).replace(/[\ud800-\udbff]$/, '');
  const checked = cut as unknown as WellFormed;
  return checked.isWellFormed() ? cut : checked.toWellFormed();
}

function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    case 'bigint':
      // Printing takes time quadratic in the length.
      return BigInt.asIntN(256, value) === value ? value.toString() : '[bigint]';
    case 'undefined':
      return '';
    default:
      return value === null ? '' : `[${typeof value}]`;
  }
}
