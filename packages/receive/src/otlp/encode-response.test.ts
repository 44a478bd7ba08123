import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { TRACE_PROTO } from '../testing/index.js';
import { encodeStatus, encodeTraceResponse } from './encode-response.js';

const { root } = protobuf.parse(TRACE_PROTO, { keepCase: false });
const read = (type: string, body: Uint8Array) => {
  const message = root.lookupType(type);
  return message.toObject(message.decode(body), { longs: String });
};
const text = (body: Uint8Array) => Buffer.from(body).toString('utf8');

describe('encodeTraceResponse', () => {
  it('is nothing, or an empty object, when everything was taken', () => {
    expect(encodeTraceResponse('protobuf', { rejected: 0, message: '' })).toHaveLength(0);
    expect(text(encodeTraceResponse('json', { rejected: 0, message: '' }))).toBe('{}');
  });

  it.each([[3], [300], [5_000_000_000]])('says that %d spans were rejected', (rejected) => {
    const outcome = { rejected, message: 'ids müssen stimmen' };
    const partialSuccess = { rejectedSpans: String(rejected), errorMessage: outcome.message };
    expect(read('ExportTraceServiceResponse', encodeTraceResponse('protobuf', outcome))).toEqual({ partialSuccess });
    expect(JSON.parse(text(encodeTraceResponse('json', outcome)))).toEqual({ partialSuccess });
  });

  it('carries a warning with nothing rejected', () => {
    const body = encodeTraceResponse('protobuf', { rejected: 0, message: 'cut' });
    expect(read('ExportTraceServiceResponse', body)).toEqual({ partialSuccess: { errorMessage: 'cut' } });
  });

  it('shortens a message that is too long', () => {
    expect(encodeTraceResponse('protobuf', { rejected: 1, message: 'x'.repeat(1e6) }).length).toBeLessThan(5000);
  });
});

describe('encodeStatus', () => {
  it('is a google.rpc.Status in either encoding', () => {
    expect(read('RpcStatus', encodeStatus('protobuf', { code: 3, message: 'bad body' }))).toEqual({
      code: 3,
      message: 'bad body',
    });
    expect(read('RpcStatus', encodeStatus('protobuf', { message: 'bad body' }))).toEqual({ message: 'bad body' });
    expect(text(encodeStatus('json', { message: 'bad body' }))).toBe('{"message":"bad body"}');
    expect(text(encodeStatus('json', { code: 14, message: 'busy' }))).toBe('{"code":14,"message":"busy"}');
  });
});
