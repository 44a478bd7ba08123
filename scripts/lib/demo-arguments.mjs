import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

/** A recorded hour of requests, where the data for tests is beside the checkout. */
const WORKLOAD = join(ROOT, '..', 'shared', 'data', 'llm-workloads', 'azure2023_code.csv.gz');

/**
 * Arguments of `vedetta demo` in a checkout: the recorded workload is replayed when it is there and none is named.
 * @param {readonly string[]} args
 * @returns {string[]}
 */
export function demoArguments(args) {
  const named = args.some((arg) => arg === '--workload' || arg.startsWith('--workload='));
  return ['demo', ...(named || !existsSync(WORKLOAD) ? [] : ['--workload', WORKLOAD]), ...args];
}
