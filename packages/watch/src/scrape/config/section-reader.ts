import { parseDuration } from '../duration.js';

/** Line of a file where a member stands, counted from 1, by its path such as `a[0].b`; `undefined` when that is not known. */
export type LineOf = (path: string) => number | undefined;

/** What reading found, in sentences that begin with where it stands; never with the value of a secret. */
export interface ConfigReport {
  readonly errors: string[];
  readonly warnings: string[];
  /** Where there is a file. */
  readonly lineOf?: LineOf | undefined;
}

/** Keys of Prometheus that are understood but not acted on, each with what follows from that. */
export interface UnsupportedKeys {
  /** Leaving them out changes nothing of what is scraped otherwise. */
  readonly ignored?: readonly string[];
  /** Leaving them out would scrape something else, or in another way. */
  readonly refused?: readonly string[];
}

const SIZE = /^(\d+(?:\.\d+)?)(B|[KMGTPE]i?B)?$/;
const SIZE_EXPONENTS = 'KMGTPE';
const TRUE_WORDS = ['true', 'yes', 'on'];
const FALSE_WORDS = ['false', 'no', 'off'];

/**
 * Reads one section member by member: typed values, or texts as a YAML file has them before anybody gives them a type. Every
 * fault goes to the report and a default takes its place, so that all faults are found at once.
 */
export class SectionReader {
  readonly path: string;
  readonly report: ConfigReport;
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();

  constructor(value: unknown, path: string, report: ConfigReport) {
    this.path = path;
    this.report = report;
    this.#members = isRecord(value) ? value : {};
    if (!isRecord(value) && !isAbsent(value)) this.#say(report.errors, path, 'must hold members');
  }

  has(key: string): boolean {
    return !isAbsent(this.#members[key]);
  }

  text(key: string, fallback = ''): string {
    return this.#scalar(key) ?? fallback;
  }

  /** An explicit empty text counts. */
  textOrEmpty(key: string, fallback: string): string {
    const raw = this.#members[key];
    return raw === '' ? this.#seen(key, '') : this.text(key, fallback);
  }

  flag(key: string, fallback: boolean): boolean {
    const text = this.#scalar(key)?.toLowerCase();
    if (text === undefined) return fallback;
    if (TRUE_WORDS.includes(text)) return true;
    if (!FALSE_WORDS.includes(text)) this.fault(key, 'must be true or false');
    return false;
  }

  /** 0 and more. */
  integer(key: string, fallback = 0): number {
    const text = this.#scalar(key);
    if (text === undefined) return fallback;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    this.fault(key, `must be an integer of at least 0, not ${quote(text)}`);
    return fallback;
  }

  durationMs(key: string, fallback: number): number {
    const text = this.#scalar(key);
    if (text === undefined) return fallback;
    const ms = parseDuration(text);
    if (ms !== undefined) return ms;
    this.fault(key, `must be a duration such as 15s or 1m30s, not ${quote(text)}`);
    return fallback;
  }

  /** Bytes of a size such as `10MB`; both spellings are powers of 1024, as in Prometheus. */
  sizeBytes(key: string, fallback: number): number {
    const text = this.#scalar(key);
    if (text === undefined) return fallback;
    const match = SIZE.exec(text);
    if (match !== null) {
      const exponent = match[2] === undefined ? 0 : SIZE_EXPONENTS.indexOf(match[2][0] as string) + 1;
      return Math.round(Number(match[1]) * 1024 ** exponent);
    }
    this.fault(key, `must be a size such as 10MB, not ${quote(text)}`);
    return fallback;
  }

  texts(key: string): readonly string[] {
    return this.#list(key).map((item, i) => this.#asText(item, `${key}[${i}]`) ?? '');
  }

  sections(key: string): readonly SectionReader[] {
    return this.#list(key).map((item, i) => new SectionReader(item, `${this.at(key)}[${i}]`, this.report));
  }

  /** The section under the key; `undefined` when it is absent or empty. */
  section(key: string): SectionReader | undefined {
    const value = this.#seen(key, this.#members[key]);
    return isAbsent(value) ? undefined : new SectionReader(value, this.at(key), this.report);
  }

  /** All members as texts, for labels whose names are free. */
  allTexts(): ReadonlyMap<string, string> {
    return new Map(Object.keys(this.#members).map((key) => [key, this.#asText(this.#members[key], key) ?? '']));
  }

  /** All members as lists of texts. */
  allTextLists(): ReadonlyMap<string, readonly string[]> {
    return new Map(Object.keys(this.#members).map((key) => [key, this.texts(key)]));
  }

  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  fault(key: string, message: string): void {
    this.#say(this.report.errors, this.at(key), message);
  }

  warn(key: string, message: string): void {
    this.#say(this.report.warnings, this.at(key), message);
  }

  /** Takes a key that is understood in these spellings only, in which it says what is done anyway. */
  only(key: string, ...spellings: readonly string[]): void {
    const text = this.#scalar(key)?.toLowerCase();
    if (text !== undefined && !spellings.includes(text)) this.fault(key, 'is not supported');
  }

  /** The same for members that are the same, written in the same order. */
  toJson(): string {
    return JSON.stringify(this.#members);
  }

  /** Reports the members that nobody asked for. */
  close({ ignored = [], refused = [] }: UnsupportedKeys = {}): void {
    for (const key of Object.keys(this.#members)) {
      if (this.#read.has(key)) continue;
      if (ignored.includes(key)) this.warn(key, 'is not supported and has no effect');
      else if (refused.includes(key)) this.fault(key, 'is not supported');
      else this.fault(key, 'is no key that is known here');
    }
  }

  #say(list: string[], path: string, message: string): void {
    const line = this.report.lineOf?.(path);
    list.push(`${line === undefined ? '' : `line ${line}: `}${path || 'the file'} ${message}`);
  }

  #scalar(key: string): string | undefined {
    const value = this.#seen(key, this.#members[key]);
    return isAbsent(value) ? undefined : this.#asText(value, key);
  }

  #asText(value: unknown, key: string): string | undefined {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (value !== null && value !== undefined) this.fault(key, 'must be a text');
    return undefined;
  }

  #list(key: string): readonly unknown[] {
    const value = this.#seen(key, this.#members[key]);
    if (isAbsent(value)) return [];
    if (Array.isArray(value)) return value;
    this.fault(key, 'must be a list');
    return [];
  }

  #seen<T>(key: string, value: T): T {
    this.#read.add(key);
    return value;
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
