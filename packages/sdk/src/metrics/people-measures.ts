import type { Counter, Gauge } from '@vedetta/metrics';
import { computedGauge, RecentNames, SlidingSums } from '@vedetta/metrics';
import type { MeasureHost } from './measures.js';

/** Somebody is active for as long as they were last heard of within this time. */
const ACTIVE_MS = 5 * 60_000;
const SCORES_MS = 24 * 60 * 60_000;
/** Buckets of five minutes. */
const SCORE_BUCKETS = 288;
/** Users and sessions that are known at a time; with more the figure stays at this, and those heard of longest ago give way. */
const MAX_NAMES = 20_000;

/** Users who were heard of lately. */
export class UserMeasures {
  readonly #host: MeasureHost;
  readonly #users = new RecentNames(ACTIVE_MS, MAX_NAMES);

  constructor(host: MeasureHost) {
    this.#host = host;
    computedGauge(
      host.registry,
      { name: 'active_users_total', help: `Users of the last 5 minutes, at most ${MAX_NAMES}.` },
      () => this.#users.count(host.now()),
    );
  }

  seen(userId: string): void {
    if (userId === '') return;
    this.#users.see(userId, this.#host.now());
    this.#host.changed();
  }
}

/** Sessions and messages of chats. */
export class ChatMeasures {
  readonly #host: MeasureHost;
  readonly #sessions = new RecentNames(ACTIVE_MS, MAX_NAMES);
  readonly #messages: Counter;

  constructor(host: MeasureHost) {
    this.#host = host;
    this.#messages = host.registry.counter({
      name: 'chat_messages_total',
      help: 'Messages of chats, by who wrote them.',
      labels: ['user_type'],
    });
    computedGauge(
      host.registry,
      { name: 'chat_sessions_active', help: `Sessions with a message in the last 5 minutes, at most ${MAX_NAMES}.` },
      () => this.#sessions.count(host.now()),
    );
  }

  message(userType: string, sessionId: string): void {
    this.#messages.add([userType]);
    if (sessionId !== '') this.#sessions.see(sessionId, this.#host.now());
    this.#host.changed();
  }

  sessionEnded(sessionId: string): void {
    this.#sessions.forget(sessionId);
    this.#host.changed();
  }
}

/** What people think of the answers. */
export class SatisfactionMeasures {
  readonly #host: MeasureHost;
  readonly #scores = new SlidingSums(SCORES_MS, SCORE_BUCKETS);

  constructor(host: MeasureHost) {
    this.#host = host;
    computedGauge(
      host.registry,
      { name: 'user_satisfaction_score', help: 'Mean of the scores of the last 24 hours.' },
      () => this.#scores.mean(host.now()),
    );
  }

  scored(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#scores.add(value, this.#host.now());
    this.#host.changed();
  }
}

/** Whether services answer. */
export class ServiceMeasures {
  readonly #host: MeasureHost;
  readonly #health: Gauge;

  constructor(host: MeasureHost) {
    this.#host = host;
    this.#health = host.registry.gauge({
      name: 'ai_service_health',
      help: 'Whether a service answers: 1 or 0.',
      labels: ['service'],
    });
  }

  checked(service: string, isHealthy: boolean): void {
    this.#health.set([service], isHealthy ? 1 : 0);
    this.#host.changed();
  }
}
