import { computedGauge, RecentNames, SlidingSums } from '@vedetta/metrics';
import type { DerivedMetricsOf } from './subject.js';
import { isLlmCall } from './subject.js';

/** Somebody is active for as long as they were last heard of within this time. */
const ACTIVE_MS = 5 * 60_000;
const SCORES_MS = 24 * 60 * 60_000;

/** Users, sessions, messages and what people thought of the answers. */
export const peopleMetrics: DerivedMetricsOf = (registry, now) => {
  const users = new RecentNames(ACTIVE_MS);
  const sessions = new RecentNames(ACTIVE_MS);
  const scores = new SlidingSums(SCORES_MS);
  const messages = registry.counter({
    name: 'chat_messages_total',
    help: 'Messages of chats: one of the user and one of the assistant for each answered call.',
    labels: ['user_type'],
  });
  computedGauge(registry, { name: 'active_users_total', help: 'Users with a request in the last 5 minutes.' }, () =>
    users.count(now()),
  );
  computedGauge(
    registry,
    { name: 'chat_sessions_active', help: 'Sessions with a request in the last 5 minutes.' },
    () => sessions.count(now()),
  );
  computedGauge(
    registry,
    { name: 'user_satisfaction_score', help: 'Mean of the scores of the last 24 hours; a thumb up is 1, down is 0.' },
    () => scores.mean(now()),
  );
  return {
    span(span) {
      if (!isLlmCall(span) || span.genAi?.operation === 'embeddings') return;
      messages.add(['user']);
      if (span.statusCode !== 2) messages.add(['assistant']);
    },
    commit({ requests, scores: given }) {
      for (const { userId, sessionId } of requests) {
        if (userId !== '') users.see(userId, now());
        if (sessionId !== '') sessions.see(sessionId, now());
      }
      for (const { value } of given) if (value !== undefined) scores.add(value, now());
    },
  };
};
