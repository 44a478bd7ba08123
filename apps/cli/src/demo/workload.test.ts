import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseWorkload, readWorkload, takeRows } from './workload.js';

const DATA = fileURLToPath(new URL('../../../../../shared/data/llm-workloads/azure2023_code.csv.gz', import.meta.url));
const HEADER = 'TIMESTAMP,ContextTokens,GeneratedTokens';

describe('parseWorkload', () => {
  it('reads rows in either line ending and sums them', () => {
    const text = `${HEADER}\r\n2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.0319600,3180,8`;
    expect(parseWorkload(text, 'x')).toEqual({
      rows: [
        { offsetMs: 0, inputTokens: 4808, outputTokens: 10 },
        { offsetMs: 52, inputTokens: 3180, outputTokens: 8 },
      ],
      inputTokens: 7988,
      outputTokens: 18,
    });
  });

  it.each([
    ['', 'does not start with'],
    ['a,b,c\n', 'does not start with'],
    [`${HEADER}\n`, 'holds no requests'],
    [`${HEADER}\nyesterday,1,2`, 'Line 2'],
    [`${HEADER}\n2023-11-16 18:17:03.9799600,1,2\n2023-11-16 18:17:03.9799600,one,2`, 'Line 3'],
    [`${HEADER}\n2023-11-16 18:17:03.9799600,1`, 'Line 2'],
  ])('refuses %j', (text, message) => {
    expect(() => parseWorkload(text, 'file.csv')).toThrow(message);
  });

  it('takes the first rows with their own sums', () => {
    const text = `${HEADER}\n2023-11-16 18:17:03.9799600,5,1\n2023-11-16 18:17:04.9799600,7,2\n`;
    expect(takeRows(parseWorkload(text, 'x'), 1)).toMatchObject({
      inputTokens: 5,
      outputTokens: 1,
      rows: [{ offsetMs: 0 }],
    });
  });
});

describe('the recorded hour', () => {
  it('has the rows and sums that its file has', (context) => {
    if (!existsSync(DATA) && !process.env.CI) context.skip('skipped: no shared data');
    const workload = readWorkload(DATA);
    expect(workload.rows).toHaveLength(8819);
    expect(workload).toMatchObject({ inputTokens: 18_059_974, outputTokens: 245_896 });
  });
});
