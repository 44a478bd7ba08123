import type { Attributes, RawSpan } from '@vedetta/model';
import type { Draft } from './draft.js';
import type { Rule } from './rule.js';
import { toLabel, toNumber, toText, toTexts } from './values.js';

/**
 * The general conventions, whatever the dialect: user, session, error, exception, HTTP status. Runs last, so that a dialect's
 * own statement wins.
 */
export const generalRule: Rule = {
  name: 'general',
  keys: [
    'user.id',
    'enduser.id',
    'session.id',
    'tag.tags',
    'error.',
    'exception.',
    'http.response.status_code',
    'http.status_code',
    'otel.status_description',
  ],
  events: ['exception'],
  apply(span, draft) {
    const { attributes } = span;
    draft.fact('userId', toLabel(attributes['user.id'] ?? attributes['enduser.id']));
    draft.fact('sessionId', toLabel(attributes['session.id']));
    draft.fact('tags', toTexts(attributes['tag.tags']));
    draft.fact('errorType', toText(attributes['error.type']));
    if (span.statusCode !== 2 && draft.facts.errorType === undefined) return;
    stateError(span, draft);
  },
};

function stateError(span: RawSpan, draft: Draft): void {
  const exception = lastException(span) ?? span.attributes;
  draft.fact('errorType', toText(exception['exception.type']));
  draft.fact('errorType', httpErrorType(span.attributes));
  draft.fact('errorMessage', toText(span.attributes['error.message']));
  draft.fact('errorMessage', toText(exception['exception.message']));
  draft.fact('errorMessage', toText(span.statusMessage) ?? toText(span.attributes['otel.status_description']));
}

/** The exception that ended the span is the last one recorded. */
function lastException({ events }: RawSpan): Attributes | undefined {
  for (let i = events.length - 1; i >= 0; i--) {
    if (events[i]?.name === 'exception') return events[i]?.attributes;
  }
  return undefined;
}

/** The HTTP conventions use the status code as error type when there is no better one. */
function httpErrorType(attributes: Attributes): string | undefined {
  const status = toNumber(attributes['http.response.status_code'] ?? attributes['http.status_code']);
  return status !== undefined && status >= 400 ? String(status) : undefined;
}
