import type { Setting } from './setting.js';
import { readInteger, readOneOf, readPortOrOff } from './setting-readers.js';

const CONTENT_MODES = ['off', 'preview', 'full', 'numbers'] as const;

/** What is taken in, and how much of its content is kept. */
export const INTAKE_SETTINGS: readonly Setting[] = [
  {
    path: 'otlp.port',
    variables: ['VEDETTA_OTLP_PORT'],
    flag: 'otlp-port',
    type: 'integer, 0 to 65535, or `off`',
    default: 4318,
    description:
      'Additional port for OpenTelemetry exporters, on loopback. When it is taken, the main port still takes OTLP.',
    read: readPortOrOff,
  },
  {
    path: 'otlp.maxBodyMb',
    variables: ['VEDETTA_OTLP_MAX_BODY_MB'],
    flag: 'otlp-max-body-mb',
    type: 'integer, 1 to 512',
    default: 64,
    description: 'Largest OTLP body after decompression, in MiB; larger ones are answered with 413.',
    read: readInteger(1, 512),
  },
  {
    path: 'privacy.content',
    variables: ['VEDETTA_CONTENT'],
    flag: 'content',
    type: CONTENT_MODES.map((mode) => `\`${mode}\``).join(', '),
    default: 'preview',
    description:
      'What is kept of prompts and answers: `preview` redacts and cuts them, `full` redacts them, `off` drops them, `numbers` keeps only names, timings and token counts.',
    read: readOneOf(CONTENT_MODES),
  },
  {
    path: 'privacy.previewCharacters',
    variables: ['VEDETTA_PREVIEW_CHARACTERS'],
    flag: 'preview-characters',
    type: 'integer, 1 to 100000',
    default: 200,
    description: 'Length to which `privacy.content: preview` cuts each text.',
    read: readInteger(1, 100_000),
  },
];
