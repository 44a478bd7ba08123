import {
  postEventResponseSchema,
  postEventSchema,
  postScoreResponseSchema,
  postScoreSchema,
} from '@vedetta/client/schemas';
import { invalidField, ProblemError } from '../http/problem.js';
import { DAY_MS, parseTime } from '../http/time-query.js';
import type { TypedApp } from '../http/typed-app.js';
import { eventSpan, scoreSpan } from '../ingest/recorded-span.js';
import type { IngestOutcome } from '../pipeline.js';
import type { ServerContext } from '../server-context.js';
import { requestParamsSchema, unknownRequest } from './requests.js';

const MAX_EVENT_BYTES = 256 * 1024;

/** Events and scores that come by HTTP: they become spans and go the way of all others. */
export async function recordingRoutes(app: TypedApp, { store, pipeline, now }: ServerContext): Promise<void> {
  app.post(
    '/api/events/custom',
    {
      schema: {
        tags: ['Recording'],
        summary: 'Record a custom event, on a request or standing alone',
        description: 'The request need not be known yet: the event shows on it when it comes.',
        body: postEventSchema,
        response: { 200: postEventResponseSchema },
      },
      config: { problems: [503] },
      bodyLimit: MAX_EVENT_BYTES,
    },
    async ({ body }) => {
      const timeUnixMs = body.timestamp === undefined ? now() : parseEventTime(body.timestamp, now());
      const request = body.request_id === undefined ? undefined : await store.requests.get(body.request_id);
      // An exporter sends its spans later than an application speaks: the event is kept and shows when the request comes.
      const requestId = request?.requestId ?? body.request_id ?? '';
      const span = eventSpan({ name: body.event_name, data: body.data, timeUnixMs, request, requestId });
      stored(await pipeline.takeSpans([span.span]));
      return {
        event_id: span.id,
        request_id: requestId,
        timestamp: new Date(timeUnixMs).toISOString(),
      };
    },
  );

  app.post(
    '/api/requests/:id/scores',
    {
      schema: {
        tags: ['Recording'],
        summary: 'Score a request: a number, a thumb (1 or 0) or a label',
        params: requestParamsSchema,
        body: postScoreSchema,
        response: { 200: postScoreResponseSchema },
      },
      config: { problems: [404, 503] },
    },
    async ({ params, body }) => {
      if (body.value !== undefined && body.thumb !== undefined) {
        throw invalidField('thumb', 'a score has a value or a thumb, not both');
      }
      const request = await store.requests.get(params.id);
      if (request === undefined) throw unknownRequest(params.id);
      const value = body.thumb === undefined ? body.value : body.thumb === 'up' ? 1 : 0;
      const span = scoreSpan({
        request,
        name: body.name,
        value,
        label: body.label ?? body.thumb,
        comment: body.comment,
        timeUnixMs: now(),
      });
      stored(await pipeline.takeSpans([span.span]));
      return { score_id: span.id, request_id: request.requestId };
    },
  );
}

/** As for spans: what is ahead of the clock by more than a day, or before 1970, is a mistake of the sender. */
function parseEventTime(text: string, nowUnixMs: number): number {
  const timeUnixMs = parseTime('timestamp', text, nowUnixMs);
  if (timeUnixMs > nowUnixMs + DAY_MS)
    throw invalidField('timestamp', `"${text}" is more than a day ahead; correct it`);
  if (timeUnixMs < 0) throw invalidField('timestamp', `"${text}" is before 1970; correct it`);
  return timeUnixMs;
}

function stored(outcome: IngestOutcome): void {
  switch (outcome.kind) {
    case 'stored':
      return;
    case 'invalid':
      throw new ProblemError(400, outcome.message);
    case 'busy':
      throw new ProblemError(503, 'the store is busy; try again', {
        headers: { 'retry-after': String(Math.max(1, Math.ceil(outcome.retryAfterMs / 1000))) },
      });
    case 'failed':
      throw new ProblemError(503, 'the store failed to take it; try again', { headers: { 'retry-after': '2' } });
  }
}
