import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';
import { planDurationMs, planRequest } from './request-plan.js';
import { toSpanRecords } from './span-records.js';

function plans(seed: number, count: number) {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => planRequest(random));
}

describe('createRandom', () => {
  it('repeats itself for a seed and differs between seeds', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, createRandom(seed).next);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('draws with the means that were asked for', () => {
    const random = createRandom(7);
    const mean = (draw: () => number) => Array.from({ length: 20_000 }, draw).reduce((sum, x) => sum + x, 0) / 20_000;
    expect(mean(() => random.next())).toBeCloseTo(0.5, 1);
    expect(mean(() => random.exponential(4))).toBeGreaterThan(3.8);
    expect(mean(() => random.exponential(4))).toBeLessThan(4.2);
    const below = Array.from({ length: 20_000 }, () => random.logNormal(100, 0.8)).filter((x) => x < 100).length;
    expect(below / 20_000).toBeCloseTo(0.5, 1);
    const often = Array.from({ length: 10_000 }, () =>
      random.pick([
        ['a', 3],
        ['b', 1],
      ] as const),
    ).filter((x) => x === 'a');
    expect(often.length / 10_000).toBeCloseTo(0.75, 1);
  });
});

describe('planRequest', () => {
  it('shows every state, several models and modalities', () => {
    const many = plans(1, 3000);
    expect(new Set(many.map((plan) => plan.fault?.status ?? 'completed'))).toEqual(
      new Set(['completed', 'failed', 'timeout', 'cancelled']),
    );
    expect(new Set(many.map((plan) => plan.modality))).toEqual(new Set(['text', 'image', 'audio']));
    expect(new Set(many.map((plan) => plan.model)).size).toBe(4);
    expect(new Set(many.flatMap((plan) => plan.phases.map((phase) => phase.name)))).toEqual(
      new Set([
        ...['request_received', 'modality_detection', 'vllm_routing', 'regolo_response'],
        ...['retrieval', 'grading', 'generation', 'image_processing', 'audio_transcription'],
      ]),
    );
    for (const plan of many) expect(plan.phases.filter((phase) => phase.callsModel)).toHaveLength(1);
  });

  it('takes the tokens that it is given', () => {
    const plan = planRequest(createRandom(1), { inputTokens: 4808, outputTokens: 0 });
    expect(plan).toMatchObject({ inputTokens: 4808, outputTokens: 0 });
  });
});

describe('toSpanRecords', () => {
  it('puts phases end to end between the start and the end of the request', () => {
    for (const plan of plans(3, 200)) {
      const records = toSpanRecords(plan, 'key', 1_000_000);
      const root = records.at(-1);
      const phases = records.filter((record) => record.kind === 'phase');
      expect(root).toMatchObject({ kind: 'request', parentSpanId: '', startUnixMs: 1_000_000 });
      expect((root?.endUnixMs ?? 0) - 1_000_000).toBeCloseTo(planDurationMs(plan), 6);
      expect(phases[0]?.startUnixMs).toBe(1_000_000);
      expect(phases.at(-1)?.endUnixMs).toBeCloseTo(root?.endUnixMs ?? 0, 6);
      for (const [i, phase] of phases.entries()) {
        expect(phase.parentSpanId).toBe(root?.spanId);
        if (i > 0) expect(phase.startUnixMs).toBe(phases[i - 1]?.endUnixMs);
      }
      expect(new Set(records.map((record) => record.spanId)).size).toBe(records.length);
      expect(root?.success).toBe(plan.fault === undefined);
    }
  });

  it('has the same ids for the same key, and other ids for another', () => {
    const [plan] = plans(1, 1);
    if (plan === undefined) throw new Error('no plan');
    const ids = (key: string) => toSpanRecords(plan, key, 0).map((record) => record.traceId + record.spanId);
    expect(ids('a')).toEqual(ids('a'));
    expect(ids('a').filter((id) => ids('b').includes(id))).toEqual([]);
  });
});
