import type { AttributeValue, Span } from '@vedetta/model';
import type { DerivedMetricsOf } from './subject.js';
import { durationSeconds, exemplarOf } from './subject.js';

const SERVER = 2;

/** Requests that an application answered: spans of HTTP servers, by the route's pattern, so that ids in paths make no series. */
export const httpMetrics: DerivedMetricsOf = (registry) => {
  const requests = registry.counter({
    name: 'http_requests_total',
    help: 'HTTP requests that monitored applications answered.',
    labels: ['method', 'endpoint', 'status'],
  });
  const seconds = registry.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time that monitored applications took to answer an HTTP request.',
    labels: ['method', 'endpoint'],
  });
  return {
    span(span) {
      const method = text(span, 'http.request.method') ?? text(span, 'http.method');
      if (method === undefined || !(span.kind === SERVER || span.facts.vedettaKind === 'request')) return;
      const endpoint = text(span, 'http.route') ?? 'unknown';
      const status =
        text(span, 'http.response.status_code') ??
        text(span, 'http.status_code') ??
        (span.statusCode === 2 ? 'error' : 'unknown');
      const duration = durationSeconds(span);
      requests.add([method, endpoint, status], 1, exemplarOf(span, duration));
      seconds.observe([method, endpoint], duration, exemplarOf(span, duration));
    },
  };
};

function text({ attributes }: Span, name: string): string | undefined {
  const value: AttributeValue | undefined = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
