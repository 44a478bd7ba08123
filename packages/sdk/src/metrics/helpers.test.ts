import { expect, test } from 'vitest';
import { setScene } from './testing/scene.js';

const MINUTE = 60_000;

test('an HTTP request', async () => {
  const { metrics, lines } = setScene();
  const request = { method: 'post', endpoint: '/chat', status: 200, durationMs: 1500 };
  metrics.trackHttpRequest({ ...request, requestSizeBytes: 100, responseSizeBytes: 2000 });
  metrics.trackHttpRequest({ method: 'BREW', status: 'error', durationMs: Number.NaN });
  expect(await lines('http_')).toEqual([
    'http_request_duration_seconds_sum{method="POST",endpoint="/chat"} 1.5',
    'http_request_duration_seconds_count{method="POST",endpoint="/chat"} 1',
    'http_request_size_bytes_sum{method="POST",endpoint="/chat"} 100',
    'http_request_size_bytes_count{method="POST",endpoint="/chat"} 1',
    'http_requests_in_flight 0',
    'http_requests_total{method="POST",endpoint="/chat",status="200"} 1',
    'http_requests_total{method="_OTHER",endpoint="unknown",status="error"} 1',
    'http_response_size_bytes_sum{method="POST",endpoint="/chat"} 2000',
    'http_response_size_bytes_count{method="POST",endpoint="/chat"} 1',
  ]);
});

test('a call of a model: after the fact, around a function, and from start to end', async () => {
  const { metrics, lines } = setScene();
  const usage = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, cacheWriteTokens: 5, reasoningTokens: 7 };
  metrics.trackAiRequest({ model: 'gpt-4o', durationMs: 2000, usage });
  const answer = await metrics.trackAiRequest({ model: 'gpt-4o' }, async (request) => {
    request.set({ usage: { inputTokens: 1, outputTokens: 2 } });
    return 'hello';
  });
  expect(answer).toBe('hello');
  const error = new Error('overloaded');
  const failing = () => {
    throw error;
  };
  expect(() => metrics.trackAiRequest({ model: 'gpt-4o', type: 'embeddings' }, failing)).toThrow(error);
  const request = metrics.startAiRequest({ model: 'llama' });
  expect(request.end({ usage: { outputTokens: 3 } })).toBe(request.end({ error }));
  expect(await lines('ai_requests', 'ai_errors', 'ai_tokens', 'ai_response_duration_seconds_count')).toEqual([
    'ai_errors_total{model="gpt-4o",type="embeddings",status="failed"} 1',
    'ai_requests_total{model="gpt-4o",type="chat"} 2',
    'ai_requests_total{model="gpt-4o",type="embeddings"} 1',
    'ai_requests_total{model="llama",type="chat"} 1',
    'ai_response_duration_seconds_count{model="gpt-4o",type="chat"} 2',
    'ai_response_duration_seconds_count{model="gpt-4o",type="embeddings"} 1',
    'ai_response_duration_seconds_count{model="llama",type="chat"} 1',
    'ai_tokens_used_total{model="gpt-4o",type="input"} 101',
    'ai_tokens_used_total{model="gpt-4o",type="output"} 22',
    'ai_tokens_used_total{model="gpt-4o",type="cache_read"} 60',
    'ai_tokens_used_total{model="gpt-4o",type="cache_write"} 5',
    'ai_tokens_used_total{model="gpt-4o",type="reasoning"} 7',
    'ai_tokens_used_total{model="llama",type="output"} 3',
  ]);
});

test('chats: sessions are active for five minutes after their last message, or until they end', async () => {
  const scene = setScene();
  const { metrics, lines } = scene;
  metrics.trackChatMessage({ sessionId: 'a', userId: 'ada' });
  metrics.trackChatMessage({ userType: 'assistant', sessionId: 'a' });
  metrics.trackChatMessage({ sessionId: 'b', userId: 'bo' });
  metrics.trackChatMessage();
  expect(await lines('chat_', 'active_users')).toEqual([
    'active_users_total 2',
    'chat_messages_total{user_type="user"} 3',
    'chat_messages_total{user_type="assistant"} 1',
    'chat_sessions_active 2',
  ]);
  metrics.endChatSession('a');
  expect(await lines('chat_sessions')).toEqual(['chat_sessions_active 1']);
  scene.nowUnixMs += 6 * MINUTE;
  expect(await lines('chat_sessions', 'active_users')).toEqual(['active_users_total 0', 'chat_sessions_active 0']);
});

test('active users are different ids, and no more of them are known than the limit', async () => {
  const { metrics, lines } = setScene();
  for (let i = 0; i < 25_000; i += 1) metrics.trackActiveUser(`user ${i % 22_000}`);
  expect(await lines('active_users')).toEqual(['active_users_total 20000']);
});

test('the success rate of RAG queries is of a window that slides', async () => {
  const scene = setScene();
  const { metrics, lines } = scene;
  const rate = async () => (await lines('rag_query_success_rate'))[0];
  metrics.startRagQuery();
  expect(await rate()).toBeUndefined();
  for (const success of [true, true, true, false]) metrics.trackRagQuery({ durationMs: 100, success });
  expect(await rate()).toBe('rag_query_success_rate 0.75');
  scene.nowUnixMs += 10 * MINUTE;
  for (const success of [false, false]) metrics.trackRagQuery({ success });
  expect(await rate()).toBe('rag_query_success_rate 0.5');
  scene.nowUnixMs += 5 * MINUTE;
  expect(await rate()).toBe('rag_query_success_rate 0');
  scene.nowUnixMs += 10 * MINUTE;
  expect(await rate()).toBeUndefined();
  expect(await lines('rag_queries_total')).toEqual(['rag_queries_total 6']);
});

test('a RAG query with stages, and what it throws', async () => {
  const { metrics, lines } = setScene();
  const answer = await metrics.trackRagQuery(async (query) => {
    const found = await query.stage('retrieval', async () => ['a']);
    query.recordStage('grading', 250);
    return query.stage('generation', () => found.join());
  });
  expect(answer).toBe('a');
  const error = new Error('no index');
  await expect(metrics.trackRagQuery(() => Promise.reject(error))).rejects.toBe(error);
  metrics.trackRagQuery({ durationMs: 3000, stages: { retrieval: 1000, rerank: 500 } });
  metrics.trackVectorSearch(40);
  expect(metrics.trackVectorSearch(() => 'found')).toBe('found');
  expect(await lines('rag_', 'vector_')).toEqual([
    'rag_queries_total 3',
    expect.stringMatching(/^rag_query_success_rate 0\.6666/),
    expect.stringMatching(/^rag_request_duration_seconds_sum 3/),
    'rag_request_duration_seconds_count 3',
    expect.stringMatching(/^rag_stage_duration_seconds_sum\{stage="retrieval"\} 1/),
    'rag_stage_duration_seconds_count{stage="retrieval"} 2',
    'rag_stage_duration_seconds_sum{stage="grading"} 0.25',
    'rag_stage_duration_seconds_count{stage="grading"} 1',
    expect.stringMatching(/^rag_stage_duration_seconds_sum\{stage="generation"\} /),
    'rag_stage_duration_seconds_count{stage="generation"} 1',
    'rag_stage_duration_seconds_sum{stage="rerank"} 0.5',
    'rag_stage_duration_seconds_count{stage="rerank"} 1',
    expect.stringMatching(/^vector_search_duration_seconds_sum 1\.04/),
    'vector_search_duration_seconds_count 4',
  ]);
});

test('indexing jobs go from one status to the next, with their files', async () => {
  const { metrics, lines } = setScene();
  const waiting = metrics.startIndexingJob({ queued: true });
  const running = metrics.startIndexingJob();
  expect([waiting.status, running.status]).toEqual(['queued', 'running']);
  expect(await lines('indexing_jobs_by_status')).toEqual(byStatus(1, 1, 0, 0, 0));
  waiting.run();
  running.file({ format: 'pdf' });
  running.file({ format: 'pdf', success: false });
  running.end();
  running.end({ success: false });
  waiting.end({ status: 'cancelled' });
  await metrics.trackIndexingJob(async (job) => job.file({ format: 'md' }));
  expect(() =>
    metrics.trackIndexingJob(() => {
      throw new Error('disk full');
    }),
  ).toThrow('disk full');
  metrics.trackFile({ format: 'md' });
  expect(await lines('indexing_jobs', 'indexing_files', 'indexing_duration_seconds_count')).toEqual([
    'indexing_duration_seconds_count 4',
    'indexing_files_processed_total{format="pdf",status="completed"} 1',
    'indexing_files_processed_total{format="pdf",status="failed"} 1',
    'indexing_files_processed_total{format="md",status="completed"} 2',
    ...byStatus(0, 0, 2, 1, 1),
    'indexing_jobs_total{status="completed"} 2',
    'indexing_jobs_total{status="failed"} 1',
    'indexing_jobs_total{status="cancelled"} 1',
  ]);
});

const byStatus = (...counts: readonly number[]) =>
  ['queued', 'running', 'completed', 'failed', 'cancelled'].map(
    (status, i) => `indexing_jobs_by_status{status="${status}"} ${counts[i]}`,
  );

test('database operations: after the fact, around a function, and from start to end', async () => {
  const { metrics, lines } = setScene();
  metrics.trackDatabaseOperation({ operation: 'find', collection: 'orders', durationMs: 20 });
  expect(metrics.trackDatabaseOperation({ operation: 'find', collection: 'orders' }, () => 3)).toBe(3);
  {
    using _operation = metrics.startDatabaseOperation({ operation: 'insert' });
  }
  expect(await lines('database_operations', 'database_duration_seconds_count')).toEqual([
    'database_duration_seconds_count{operation="find",collection="orders"} 2',
    'database_duration_seconds_count{operation="insert",collection="unknown"} 1',
    'database_operations_total{operation="find",collection="orders"} 2',
    'database_operations_total{operation="insert",collection="unknown"} 1',
  ]);
});

test('satisfaction is a mean of the last day; services are healthy or not', async () => {
  const scene = setScene();
  const { metrics, lines } = scene;
  for (const score of [1, 0, 1, 1, Number.NaN]) metrics.trackSatisfaction(score);
  metrics.trackServiceHealth('qdrant', true);
  metrics.trackServiceHealth('openai', false);
  expect(await lines('user_satisfaction', 'ai_service')).toEqual([
    'ai_service_health{service="qdrant"} 1',
    'ai_service_health{service="openai"} 0',
    'user_satisfaction_score 0.75',
  ]);
  scene.nowUnixMs += 25 * 60 * MINUTE;
  expect(await lines('user_satisfaction')).toEqual([]);
});

test('an application that uses no helper shows the metrics of none', async () => {
  const { metrics } = setScene();
  const { body } = await metrics.text();
  expect(body).not.toMatch(/rag_|indexing_|chat_|database_|http_|ai_/);
});

test('where a name is taken by the application, the helper harms nothing', async () => {
  const { metrics, lines, notices } = setScene();
  metrics.gauge({ name: 'rag_queries_total' }).set(7);
  expect(metrics.trackRagQuery(() => 'answer')).toBe('answer');
  expect(await lines('rag_queries_total')).toEqual(['rag_queries_total 7']);
  expect(notices.join()).toContain('rag_queries_total');
});
