/** So many are not sorted as a whole; of more, an unlucky order would cost too much. */
const FEW = 512;

/**
 * The quantile of the first `count` numbers, between two of them in proportion; changes their order. NaN counts as the smallest.
 */
export function quantileOf(q: number, values: Float64Array, count = values.length): number {
  if (count === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const rank = q * (count - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(count - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  const first = putNansFirst(values, count);
  if (count > FEW) values.subarray(first, count).sort();
  else if (lower >= first) select(values, first, count, lower);
  const low = values[lower]!;
  const high = count > FEW || upper === lower || upper < first ? values[upper]! : smallest(values, upper, count);
  return low * (1 - weight) + high * weight;
}

/** Answers where the other numbers begin. */
function putNansFirst(values: Float64Array, count: number): number {
  let first = 0;
  for (let i = 0; i < count; i += 1) {
    const value = values[i]!;
    if (!Number.isNaN(value)) continue;
    values[i] = values[first]!;
    values[first] = value;
    first += 1;
  }
  return first;
}

/** Puts the number that is at `wanted` in order there, none greater before it and none smaller behind (Hoare's selection). */
function select(values: Float64Array, from: number, to: number, wanted: number): void {
  let low = from;
  let high = to - 1;
  while (low < high) {
    const pivot = middleOf(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! < pivot) left += 1;
      while (values[right]! > pivot) right -= 1;
      if (left > right) break;
      const value = values[left]!;
      values[left] = values[right]!;
      values[right] = value;
      left += 1;
      right -= 1;
    }
    if (wanted <= right) high = right;
    else if (wanted >= left) low = left;
    else return;
  }
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function smallest(values: Float64Array, from: number, to: number): number {
  let found = values[from]!;
  for (let i = from + 1; i < to; i += 1) if (values[i]! < found) found = values[i]!;
  return found;
}
