import type { AttributeValue, BilledUnits, GenAiFacts, Message, SpanFacts, Usage, UsageSource } from '@vedetta/model';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts of tokens that a rule can state. */
export type UsageCount = {
  [K in keyof Usage]-?: NonNullable<Usage[K]> extends number ? K : never;
}[keyof Usage];

/** Facts of the GenAI vocabulary that a rule sets as a whole; usage, parameters and the rest have methods of their own. */
export type GenAiField = Exclude<keyof GenAiFacts, 'usage' | 'parameters' | 'aggregate' | 'dialects'>;

/**
 * What the rules have found in one span so far. The first rule to state a fact wins, so the order of the rules is their
 * precedence; `undefined` states nothing.
 */
export class Draft {
  readonly facts: Mutable<SpanFacts> = {};
  /** The dialect whose rule runs; noted in `dialects` when it states something. */
  dialect = '';
  /** The span's usage repeats that of its children. */
  aggregate = false;
  /** The rule made the totals inclusive itself. */
  cacheSettled = false;
  /** Where the sender has its counts from, when it is not the provider. */
  usageSource: UsageSource = 'reported';
  readonly usage: Partial<Record<UsageCount, number>> = {};
  /** Tokens by the user's own count; they count where nobody reported any, and stand beside what was reported. */
  supplied: Omit<Usage, 'source'> | undefined;
  /** What the call is billed for beside tokens. */
  #units: BilledUnits | undefined;
  #cacheAdded = false;
  #genAi: Mutable<Partial<GenAiFacts>> | undefined;
  #parameters: { [name: string]: AttributeValue } | undefined;
  readonly #dialects: string[] = [];

  /** States a fact that is no GenAI matter. */
  fact<K extends keyof SpanFacts>(name: K, value: SpanFacts[K] | undefined): void {
    if (value !== undefined && this.facts[name] === undefined) this.facts[name] = value as SpanFacts[K];
  }

  /** States a GenAI fact. */
  set<K extends GenAiField>(name: K, value: GenAiFacts[K] | undefined): void {
    if (value === undefined) return;
    this.#genAi ??= {};
    if (this.#genAi[name] !== undefined) return;
    this.#genAi[name] = value;
    this.#contribute();
  }

  get<K extends GenAiField>(name: K): GenAiFacts[K] | undefined {
    return this.#genAi?.[name];
  }

  /** Replaces the answer by the same one with more said about it. */
  replaceOutput(messages: readonly Message[]): void {
    if (this.#genAi !== undefined) this.#genAi.outputMessages = messages;
  }

  /** States a count of tokens. */
  count(name: UsageCount, value: number | undefined): void {
    if (value === undefined || this.usage[name] !== undefined) return;
    this.usage[name] = value;
    this.#genAi ??= {};
    this.#contribute();
  }

  /** States what the call is billed for beside tokens. */
  bill(units: BilledUnits | undefined): void {
    this.#units ??= units;
  }

  /** Replaces a count: only for a rule that turns exclusive counts into totals. */
  recount(name: UsageCount, value: number, cacheAdded: boolean): void {
    this.usage[name] = value;
    this.#cacheAdded ||= cacheAdded;
  }

  /** States a request parameter under its GenAI name. */
  parameter(name: string, value: AttributeValue | undefined): void {
    if (value === undefined || value === null || value === '') return;
    this.#parameters ??= {};
    if (this.#parameters[name] !== undefined) return;
    this.#parameters[name] = value;
    this.#genAi ??= {};
    this.#contribute();
  }

  get hasGenAi(): boolean {
    return this.#genAi !== undefined;
  }

  get hasUsage(): boolean {
    for (const _ in this.usage) return true;
    return false;
  }

  /** The finished GenAI facts; `undefined` when no rule stated any. */
  toGenAi(): GenAiFacts | undefined {
    if (this.#genAi === undefined) return undefined;
    const stated: Usage | undefined = this.hasUsage
      ? { ...this.usage, source: this.usageSource, ...(this.#cacheAdded ? { cacheAdded: true } : {}) }
      : undefined;
    const supplied: Usage | undefined =
      this.supplied === undefined ? undefined : { ...this.supplied, source: 'supplied' };
    const tokens = stated ?? supplied;
    const units = this.#units;
    const usage: Usage | undefined = units === undefined ? tokens : { ...(tokens ?? { source: units.source }), units };
    const beside = stated === undefined ? undefined : supplied;
    return {
      ...this.#genAi,
      operation: this.#genAi.operation ?? '',
      aggregate: this.aggregate,
      dialects: this.#dialects,
      ...(usage === undefined ? {} : { usage }),
      ...(beside === undefined ? {} : { otherUsage: [beside] }),
      ...(this.#parameters === undefined ? {} : { parameters: this.#parameters }),
    };
  }

  #contribute(): void {
    if (!this.#dialects.includes(this.dialect)) this.#dialects.push(this.dialect);
  }
}
