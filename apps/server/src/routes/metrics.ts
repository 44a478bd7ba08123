import { CONTENT_TYPES, chooseFormat, writeText } from '@vedetta/metrics';
import type { TypedApp } from '../http/typed-app.js';
import type { ServerContext } from '../server-context.js';

/** `GET /metrics`: everything that is counted, for Prometheus and whoever speaks its formats. */
export async function metricRoutes(app: TypedApp, { metrics, log }: ServerContext): Promise<void> {
  app.get(
    '/metrics',
    { schema: { tags: ['System'], summary: 'Metrics in the text formats of Prometheus' } },
    async (request, reply) => {
      const format = chooseFormat(request.headers.accept);
      const families = await metrics.collect((name, error) =>
        log.warn({ metric: name, err: error }, 'a metric could not be collected'),
      );
      return reply
        .header('content-type', CONTENT_TYPES[format])
        .header('vary', 'accept')
        .serializer(String)
        .send(writeText(families, format));
    },
  );
}
