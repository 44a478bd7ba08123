/**
 * Adds numbers and keeps what rounding loses, by the method of Kahan in Neumaier's form. Prometheus sums this way, so sums of
 * numbers of very different size agree with its.
 */
export class KahanSum {
  sum = 0;
  lost = 0;

  reset(sum: number): void {
    this.sum = sum;
    this.lost = 0;
  }

  add(value: number): void {
    const total = this.sum + value;
    if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) this.lost = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.lost += this.sum - total + value;
    else this.lost += value - total + this.sum;
    this.sum = total;
  }

  get total(): number {
    return this.sum === Number.POSITIVE_INFINITY || this.sum === Number.NEGATIVE_INFINITY
      ? this.sum
      : this.sum + this.lost;
  }
}

/** A mean that goes on step by step once the sum is too large for a number. */
export class KahanMean {
  readonly #kahan = new KahanSum();
  #count = 0;
  #incremental = false;

  reset(): void {
    this.#kahan.reset(0);
    this.#count = 0;
    this.#incremental = false;
  }

  add(value: number): void {
    const kahan = this.#kahan;
    this.#count += 1;
    if (this.#count === 1) {
      kahan.reset(value);
      return;
    }
    if (!this.#incremental) {
      const { sum, lost } = kahan;
      kahan.add(value);
      if (kahan.sum !== Number.POSITIVE_INFINITY && kahan.sum !== Number.NEGATIVE_INFINITY) return;
      this.#incremental = true;
      kahan.sum = sum / (this.#count - 1);
      kahan.lost = lost / (this.#count - 1);
    }
    const weight = (this.#count - 1) / this.#count;
    kahan.sum *= weight;
    kahan.lost *= weight;
    kahan.add(value / this.#count);
  }

  get mean(): number {
    const { sum, lost } = this.#kahan;
    return this.#incremental ? sum + lost : sum / this.#count + lost / this.#count;
  }
}
