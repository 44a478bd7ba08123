import { InvalidBody } from '../otlp/decode-result.js';
import type { OtlpEncoding } from '../otlp/decode-traces.js';
import { readJsonMetrics } from './json-metrics.js';
import type { MetricLimits } from './metric-collector.js';
import { DEFAULT_METRIC_LIMITS, MetricCollector } from './metric-collector.js';
import { DELTA, MetricTranslator } from './metric-translator.js';
import { readProtobufMetrics } from './protobuf-metrics.js';
import type { MetricsResult } from './translated.js';

/**
 * Decodes bodies of `POST /v1/metrics` (OTLP 1.11, an `ExportMetricsServiceRequest`) to series as Prometheus' own translation makes them
 * (`UnderscoreEscapingWithSuffixes`): names with unit and `_total`, `job` and `instance` of the service, `target_info`.
 *
 * - Histograms are classic buckets; exponential ones are native histograms, of schema 8 where they are finer.
 * - Points of delta temporality are added up. What they add up to is remembered within bounds and since the start; a point that is not
 *   newer than the latest of its series is one that was sent again and adds nothing.
 * - Points without a recorded value end their series.
 */
export class MetricsDecoder {
  readonly #limits: MetricLimits;
  readonly #translator = new MetricTranslator();

  constructor(limits: MetricLimits = DEFAULT_METRIC_LIMITS) {
    this.#limits = limits;
  }

  /** Never throws for bad input. */
  decode(body: Uint8Array, encoding: OtlpEncoding): MetricsResult {
    return finish(this.decodeInSlices(body, encoding));
  }

  /**
   * {@link MetricsDecoder.decode} a few milliseconds at a time, for bodies so large that whole they would keep a server from answering
   * anyone else: go on with `next()` in a later turn of the event loop until it is `done`; the `value` is then the result. A body of up to
   * 256 KiB is mostly done at once. The parsing of JSON text is the one step that can't be divided. It may be given up at any point:
   * nothing of a body counts before its translation is committed. The body must not be changed meanwhile.
   */
  *decodeInSlices(body: Uint8Array, encoding: OtlpEncoding): Generator<void, MetricsResult> {
    const collector = new MetricCollector(this.#limits);
    try {
      yield* encoding === 'protobuf' ? readProtobufMetrics(body, collector) : readJsonMetrics(body, collector);
    } catch (error) {
      if (error instanceof InvalidBody) return { kind: 'invalid', message: error.message };
      throw error;
    }
    const translateInSlices = () => this.#translator.translate(collector);
    return {
      kind: 'ok',
      hasDeltas: collector.metrics.some(({ temporality }) => temporality === DELTA),
      translate: () => finish(translateInSlices()),
      translateInSlices,
    };
  }
}

function finish<T>(slices: Generator<void, T>): T {
  for (;;) {
    const step = slices.next();
    if (step.done === true) return step.value;
  }
}
