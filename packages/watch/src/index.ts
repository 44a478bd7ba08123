export type { MetricSample } from './models/engine-load.js';
export type { ModelWatchOptions, WatchedUpstream } from './models/model-watch.js';
export { ModelWatch } from './models/model-watch.js';
export type { EngineLoad, ServedModel, Upstream, UpstreamState } from './models/served-model.js';
export type { ParsedScrapeSettings, ScrapeSettings } from './scrape/config/parse-scrape-file.js';
export { parseScrapeSettings } from './scrape/config/parse-scrape-file.js';
export type { YamlFile } from './scrape/config/read-yaml.js';
export { readYaml } from './scrape/config/read-yaml.js';
export type { LineOf } from './scrape/config/section-reader.js';
export { formatDuration } from './scrape/duration.js';
export type { ExemplarSink, ScrapedExemplar } from './scrape/loop/exemplar-sink.js';
export type {
  Page,
  PageExemplar,
  PageFormat,
  PageMetadata,
  PageSample,
  PageSource,
  ParsePage,
} from './scrape/loop/page.js';
export type { SampleSink, SinkOutcome, SinkSeries } from './scrape/loop/sample-sink.js';
export type { ScrapeCounters, TargetState } from './scrape/loop/scrape-loop.js';
export type { InProcessTarget, ScrapedPool, ScrapedTarget, ScrapeWatchParts } from './scrape/scrape-watch.js';
export { ScrapeWatch } from './scrape/scrape-watch.js';
