import type { JsonObject } from './json.js';

/** Place of a panel on a grid of 24 columns; rows are 30 px high. */
export interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A query of a panel. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  /** `{{label}}` stands for a label's value; empty and `__auto` for all labels. */
  readonly legendFormat: string;
  readonly instant: boolean;
  readonly format: 'time_series' | 'table' | 'heatmap';
  /** Least step, such as `1m` or `$interval`; empty for the panel's. */
  readonly interval: string;
  readonly hidden: boolean;
  /** Asks for exemplars too. */
  readonly exemplar: boolean;
  /** Why it cannot be asked; empty when it can. */
  readonly fault: string;
}

/** Steps of a value's colour; the first has no lower end. */
export interface Thresholds {
  readonly mode: 'absolute' | 'percentage';
  readonly steps: readonly { readonly color: string; readonly from: number }[];
}

/** What stands for a value. */
export interface MappingResult {
  readonly text: string | undefined;
  readonly color: string | undefined;
}

/** A rule that gives values a text or a colour. */
export type ValueMapping =
  | { readonly kind: 'value'; readonly results: ReadonlyMap<string, MappingResult> }
  | { readonly kind: 'range'; readonly from: number; readonly to: number; readonly result: MappingResult }
  | { readonly kind: 'regex'; readonly pattern: RegExp; readonly result: MappingResult }
  | {
      readonly kind: 'special';
      readonly match: 'null' | 'nan' | 'null+nan' | 'true' | 'false' | 'empty';
      readonly result: MappingResult;
    };

/** How values of a field are shown. `undefined` is: as the panel does by default. */
export interface FieldConfig {
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly displayName?: string;
  readonly noValue?: string;
  readonly color?: { readonly mode: string; readonly fixedColor: string };
  readonly thresholds?: Thresholds;
  readonly mappings?: readonly ValueMapping[];
  /** Of time series: how they are drawn. */
  readonly draw?: DrawStyle;
  readonly hidden?: boolean;
}

/** How a time series is drawn. */
export interface DrawStyle {
  readonly style?: 'line' | 'bars' | 'points';
  readonly lineWidth?: number;
  /** 0 to 100. */
  readonly fillOpacity?: number;
  readonly stacking?: 'none' | 'normal' | 'percent';
  readonly showThresholds?: boolean;
  readonly spanGaps?: boolean;
  readonly logarithmic?: boolean;
  readonly rightAxis?: boolean;
  readonly stepped?: boolean;
  /** Drawn below the axis, as what goes out beside what comes in. */
  readonly negative?: boolean;
}

/** Which fields an override is for. */
export type FieldMatcher =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'names'; readonly names: ReadonlySet<string>; readonly among: boolean }
  | { readonly kind: 'pattern'; readonly pattern: RegExp }
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'query'; readonly refId: string };

export interface FieldOverride {
  readonly matcher: FieldMatcher;
  readonly config: FieldConfig;
}

export type Transformation =
  | { readonly kind: 'merge' }
  | {
      readonly kind: 'organize';
      readonly exclude: ReadonlySet<string>;
      readonly order: ReadonlyMap<string, number>;
      readonly rename: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'filter'; readonly names: ReadonlySet<string> | undefined; readonly pattern: RegExp | undefined }
  | { readonly kind: 'filter-queries'; readonly refIds: ReadonlySet<string>; readonly keep: boolean }
  | { readonly kind: 'sort'; readonly field: string; readonly descending: boolean }
  | { readonly kind: 'limit'; readonly count: number }
  | { readonly kind: 'labels-to-fields' }
  | { readonly kind: 'series-to-rows' }
  | { readonly kind: 'reduce'; readonly calcs: readonly string[] };

/** What can be drawn. */
export type PanelKind =
  | 'time-series'
  | 'stat'
  | 'gauge'
  | 'bar-gauge'
  | 'bar-chart'
  | 'table'
  | 'histogram'
  | 'heatmap'
  | 'text'
  | 'unsupported';

/** Options of all kinds of panels together; each kind reads its own. */
export interface PanelOptions {
  /** How many values become one: `lastNotNull`, `mean`, ...; the first is shown. */
  readonly calcs: readonly string[];
  /** Every value is shown instead of one of each series. */
  readonly allValues: boolean;
  readonly valueLimit: number;
  readonly legend: 'list' | 'table' | 'hidden';
  readonly legendCalcs: readonly string[];
  readonly legendRight: boolean;
  readonly tooltip: 'single' | 'multi' | 'none';
  readonly tooltipSort: 'none' | 'asc' | 'desc';
  readonly orientation: 'auto' | 'horizontal' | 'vertical';
  readonly graph: boolean;
  readonly colorMode: 'none' | 'value' | 'background';
  readonly textMode: 'auto' | 'value' | 'name' | 'value_and_name' | 'none';
  readonly stacking: 'none' | 'normal' | 'percent';
  readonly xField: string;
  readonly sortBy: readonly { readonly name: string; readonly descending: boolean }[];
  readonly showHeader: boolean;
  readonly bucketCount: number;
  readonly bucketSize: number | undefined;
  readonly content: string;
  /** Unit of the buckets of a heatmap. */
  readonly yUnit: string;
}

export interface Panel {
  /** Unique in the dashboard; `3`, or `3:model=gpt-4o` for a repeated one. */
  readonly key: string;
  /** As in the JSON; what edits refer to. */
  readonly id: number;
  readonly kind: PanelKind;
  /** As in the JSON. */
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: GridPos;
  readonly targets: readonly Target[];
  readonly defaults: FieldConfig;
  readonly overrides: readonly FieldOverride[];
  readonly options: PanelOptions;
  readonly transformations: readonly Transformation[];
  /** Least step; empty for the data source's. */
  readonly interval: string;
  readonly maxDataPoints: number | undefined;
  /** Its own range back from now, such as `1h`; empty for the dashboard's. */
  readonly timeFrom: string;
  readonly timeShift: string;
  readonly repeat: { readonly variable: string; readonly vertical: boolean; readonly maxPerRow: number } | undefined;
  /** Values of variables that hold for this panel alone. */
  readonly scopedVariables: ReadonlyMap<string, string>;
  /** What of the JSON is not drawn, a sentence each. */
  readonly notes: readonly string[];
}

/** A row with what belongs to it; panels before the first row belong to one without a title. */
export interface PanelRow {
  readonly id: number | undefined;
  readonly title: string;
  readonly collapsed: boolean;
  readonly repeat: string;
  readonly panels: readonly Panel[];
}

export type VariableKind = 'query' | 'custom' | 'interval' | 'constant' | 'textbox' | 'datasource' | 'unsupported';

export interface VariableOption {
  readonly text: string;
  readonly value: string;
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly kind: VariableKind;
  readonly hide: 'none' | 'label' | 'all';
  readonly multi: boolean;
  readonly includeAll: boolean;
  /** What All stands for; empty for every option. */
  readonly allValue: string;
  /** What is asked for the options, or lists them. */
  readonly query: string;
  readonly regex: string;
  readonly sort: number;
  /** Values as saved; `$__all` stands for all. */
  readonly current: readonly string[];
  readonly note: string;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly version: number;
  /** `now-1h` and `now`, or times. */
  readonly time: { readonly from: string; readonly to: string };
  /** Milliseconds between two refreshes; `undefined` for none. */
  readonly refreshMs: number | undefined;
  readonly variables: readonly Variable[];
  readonly rows: readonly PanelRow[];
  readonly notes: readonly string[];
  /** The JSON it was read from: what is edited and exported. */
  readonly source: JsonObject;
}
