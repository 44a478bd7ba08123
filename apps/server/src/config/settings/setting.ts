import type { SettingReader } from './setting-readers.js';

/** One setting: its names in each place, its default and its meaning. The only source of `docs/configuration.md`. */
export interface Setting {
  /** Path in the configuration file: `retention.days`. */
  readonly path: string;
  /** Environment variables, the first is the documented one. */
  readonly variables: readonly string[];
  /** Command-line flag without its dashes; absent for secrets, which other users of the machine could read there. */
  readonly flag?: string;
  /** The type as documented. */
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
  /** Turns a value from a file (typed) or from a variable or flag (text) into the setting's type. */
  readonly read: SettingReader;
}
