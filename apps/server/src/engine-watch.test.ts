import type { Store } from '@vedetta/store';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchEngine } from './engine-watch.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watched() {
  const state: { fatalError: string | undefined } = { fatalError: undefined };
  const samples: { fatalError: string | undefined } = { fatalError: undefined };
  const lines: string[] = [];
  const fatal: string[] = [];
  const store = { writer: { state: () => state }, samples: { state: () => samples } } as unknown as Store;
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  return { state, samples, lines, fatal, stop: watchEngine({ store, log }, (message) => fatal.push(message)) };
}

test('calls back once, within a second of the failure, and says so in the log', async () => {
  const { state, lines, fatal } = watched();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fatal).toEqual([]);
  state.fatalError = 'IO Error: disk';
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fatal).toEqual(['IO Error: disk']);
  expect(lines).toHaveLength(1);
});

test('sees a log of samples that failed', async () => {
  const { samples, fatal } = watched();
  samples.fatalError = 'the log of samples could not be written: EIO';
  await vi.advanceTimersByTimeAsync(1000);
  expect(fatal).toEqual(['the log of samples could not be written: EIO']);
});

test('stops when it is told to', async () => {
  const { state, fatal, stop } = watched();
  stop();
  state.fatalError = 'IO Error: disk';
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fatal).toEqual([]);
});
