import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CliFailure, errorMessage } from '../failure.js';

/** One request of a recorded workload. */
export interface WorkloadRow {
  /** Since the first row. */
  readonly offsetMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A recorded workload in the order of its arrivals, and what must come out of a replay. */
export interface Workload {
  readonly rows: readonly WorkloadRow[];
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const HEADER = 'TIMESTAMP,ContextTokens,GeneratedTokens';
/** What is beyond milliseconds is left out of the time. */
const ROW = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\d*,(\d+),(\d+)$/;

/**
 * Reads a workload in the format of the Azure LLM inference trace (https://github.com/Azure/AzurePublicDataset, CC-BY-4.0;
 * Patel et al., "Splitwise", ISCA 2024): a line a request, time in UTC with steps of 100 ns. Gzip is undone.
 */
export function readWorkload(file: string): Workload {
  let text: string;
  try {
    const bytes = readFileSync(file);
    text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new CliFailure('usage', `The workload ${file} cannot be read: ${errorMessage(error)}`);
  }
  return parseWorkload(text, file);
}

/** Parses what {@link readWorkload} reads. `name` is for messages. */
export function parseWorkload(text: string, name: string): Workload {
  const [header, ...lines] = text.split(/\r?\n/);
  if (header !== HEADER) throw new CliFailure('usage', `The workload ${name} does not start with "${HEADER}".`);
  const rows: WorkloadRow[] = [];
  let firstMs = 0;
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const [, day, time, input, output] = ROW.exec(line) ?? [];
    const unixMs = Date.parse(`${day}T${time}Z`);
    const [inputTokens, outputTokens] = [Number(input), Number(output)];
    if (Number.isNaN(unixMs) || !Number.isSafeInteger(inputTokens) || !Number.isSafeInteger(outputTokens)) {
      throw new CliFailure(
        'usage',
        `Line ${index + 2} of the workload ${name} is no request: ${JSON.stringify(line.slice(0, 80))}`,
      );
    }
    if (rows.length === 0) firstMs = unixMs;
    rows.push({ offsetMs: unixMs - firstMs, inputTokens, outputTokens });
  }
  if (rows.length === 0) throw new CliFailure('usage', `The workload ${name} holds no requests.`);
  return takeRows({ rows, inputTokens: 0, outputTokens: 0 }, rows.length);
}

/** The first rows of a workload, with their sums. */
export function takeRows(workload: Workload, count: number): Workload {
  const rows = workload.rows.slice(0, count);
  return {
    rows,
    inputTokens: rows.reduce((sum, row) => sum + row.inputTokens, 0),
    outputTokens: rows.reduce((sum, row) => sum + row.outputTokens, 0),
  };
}
