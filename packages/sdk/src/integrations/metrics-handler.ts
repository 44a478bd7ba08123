import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Monitor } from '../monitor.js';

/**
 * Serves the metrics of a monitor at whatever path it is mounted: in OpenMetrics with exemplars where `Accept` asks for it, else in
 * Prometheus' classic text format. For node:http and Express. Never throws.
 *
 * @example
 * app.get('/metrics', metricsHandler(monitor));
 */
export function metricsHandler(monitor: Monitor): (request: IncomingMessage, response: ServerResponse) => void {
  const { metrics } = monitor;
  return (request, response) => {
    const answer = async () => {
      const { contentType, body } = await metrics.text(request.headers.accept);
      response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    // Where something else has answered already there is nothing left to say.
    answer().catch(() => response.end());
  };
}
