import type { AttributeValue, Span } from '@vedetta/model';
import { describe, expect, it } from 'vitest';
import { normaliseSpans } from '../normalise/normalise-spans.js';
import { decodeTraces } from '../otlp/decode-traces.js';
import { encodeProtobufTraces, fromAttributes } from '../testing/index.js';
import type { ContentPolicy } from './content-policy.js';
import { CONTENT_MODES } from './content-policy.js';
import { redactIdentity, redactSpans } from './redact-spans.js';

const KEYED: ContentPolicy = { mode: 'preview', identityKey: 'of this installation' };

function redacted(attributes: { readonly [key: string]: AttributeValue }, policy: ContentPolicy): Span {
  const result = decodeTraces(encodeProtobufTraces(fromAttributes(attributes)), 'protobuf');
  if (result.kind !== 'ok') throw new Error(result.message);
  const spans = normaliseSpans(result.spans);
  redactSpans(spans, policy);
  return spans[0] as Span;
}

const userOf = (id: string, policy: ContentPolicy) => redacted({ 'user.id': id }, policy).facts.userId;

describe('ids of users and sessions', () => {
  it('that are e-mail addresses stay apart and stay themselves, in facts and attributes alike', () => {
    const ann = redacted({ 'user.id': 'ann@example.com', 'session.id': 'ann@example.com' }, KEYED);
    expect(ann.facts.userId).toMatch(/^\[redacted:email:[0-9a-f]{12}\]$/);
    expect(ann.facts.sessionId).toBe(ann.facts.userId);
    expect(ann.attributes).toEqual({ 'user.id': ann.facts.userId, 'session.id': ann.facts.userId });
    expect(userOf('Ann@Example.com', KEYED)).toBe(ann.facts.userId);
    expect(userOf('bob@example.com', KEYED)).not.toBe(ann.facts.userId);
  });

  it('are the same after a restart with the same key, and tell nothing without it', () => {
    const ann = userOf('ann@example.com', KEYED);
    expect(userOf('ann@example.com', { ...KEYED })).toBe(ann);
    expect(userOf('ann@example.com', { ...KEYED, identityKey: 'of another' })).not.toBe(ann);
  });

  it('hold no part of the address in any mode, and stay apart in each', () => {
    for (const mode of CONTENT_MODES) {
      const policy = { ...KEYED, mode };
      expect(userOf('customer ann@example.com', policy)).toMatch(/^\[redacted:email:[0-9a-f]{12}\]$/);
      expect(userOf('customer ann@example.com', policy)).not.toBe(userOf('customer bob@example.com', policy));
    }
  });

  it('stay as they are when there is no secret in them', () => {
    expect(userOf('ann', KEYED)).toBe('ann');
    expect(userOf('Ann-7', KEYED)).toBe('Ann-7');
  });

  it('become one placeholder where there is no key', () => {
    expect(userOf('ann@example.com', { mode: 'preview' })).toBe('[redacted:email]');
  });

  it('are found again by the id that the caller knows', () => {
    expect(redactIdentity('ann@example.com', KEYED)).toBe(userOf('ann@example.com', KEYED));
    expect(redactIdentity('ann', KEYED)).toBe('ann');
    expect(redactSpans([], KEYED).found).toEqual({});
  });

  it.each([
    'langfuse.user.id',
    'enduser.id',
    'traceloop.association.properties.user_id',
    'ai.telemetry.metadata.userId',
    'langsmith.metadata.user_id',
  ])('have the same pseudonym in %s', (key) => {
    const { attributes, facts } = redacted({ [key]: 'ann@example.com' }, KEYED);
    expect(attributes[key]).toBe(userOf('ann@example.com', KEYED));
    expect(facts.userId).toBe(attributes[key]);
  });
});
