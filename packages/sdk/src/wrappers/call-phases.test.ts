import { expect, it } from 'vitest';
import type { CallMoments } from './call-phases.js';
import { callPhases } from './call-phases.js';

const whole: CallMoments = {
  startUnixMs: 1000,
  answeredUnixMs: 1100,
  firstTokenUnixMs: undefined,
  firstVisibleUnixMs: undefined,
  endUnixMs: 1400,
  timings: [],
};

it.each<[string, Partial<CallMoments>, readonly (readonly [string, number, number])[]]>([
  [
    'a whole answer',
    {},
    [
      ['first_byte', 1000, 1100],
      ['response_body', 1100, 1400],
    ],
  ],
  ['a whole answer whose body came with its head', { endUnixMs: 1100.5 }, [['first_byte', 1000, 1100]]],
  ['a failure before any answer', { answeredUnixMs: undefined }, []],
  [
    'a stream',
    { firstTokenUnixMs: 1150, firstVisibleUnixMs: 1150 },
    [
      ['first_byte', 1000, 1100],
      ['first_token', 1100, 1150],
      ['generation', 1150, 1400],
    ],
  ],
  [
    'a stream that thinks first',
    { firstTokenUnixMs: 1100, firstVisibleUnixMs: 1300 },
    [
      ['first_byte', 1000, 1100],
      ['reasoning', 1100, 1300],
      ['generation', 1300, 1400],
    ],
  ],
  [
    'a stream that only thought',
    { firstTokenUnixMs: 1100 },
    [
      ['first_byte', 1000, 1100],
      ['reasoning', 1100, 1400],
    ],
  ],
  [
    'times of the provider end with the call, and never begin before it',
    {
      answeredUnixMs: undefined,
      timings: [
        { phase: 'model_load', durationNano: 350e6 },
        { phase: 'token_generation', durationNano: 150e6 },
      ],
    },
    [
      ['model_load', 1000, 1350],
      ['token_generation', 1350, 1500],
    ],
  ],
])('the phases of %s', (_name, moments, expected) => {
  const phases = callPhases({ ...whole, ...moments });
  expect(phases.map(({ name, startUnixMs, endUnixMs }) => [name, startUnixMs, endUnixMs])).toEqual(expected);
});
