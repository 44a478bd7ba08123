/** A model that the demo pretends to call. */
export interface DemoModel {
  readonly name: string;
  readonly provider: string;
  readonly promptTokensPerMs: number;
  readonly answerTokensPerMs: number;
}

/** A kind of request: which phases it goes through, with what. */
export interface RequestKind {
  readonly name: string;
  /** Pattern of the route that answers it. */
  readonly route: string;
  readonly modality: string;
  readonly weight: number;
  readonly streamShare: number;
  /** Medians. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly models: ReadonlyArray<readonly [DemoModel, number]>;
  /** In order; `model` stands for the time that the model takes for the tokens. */
  readonly phases: ReadonlyArray<{ readonly name: string; readonly medianMs: number | 'model' }>;
  readonly texts: ReadonlyArray<readonly [prompt: string, answer: string]>;
}

const SMALL: DemoModel = { name: 'gpt-4o-mini', provider: 'openai', promptTokensPerMs: 40, answerTokensPerMs: 0.25 };
const LARGE: DemoModel = { name: 'gpt-4o', provider: 'openai', promptTokensPerMs: 20, answerTokensPerMs: 0.12 };
const CLAUDE: DemoModel = {
  name: 'claude-sonnet-4-5',
  provider: 'anthropic',
  promptTokensPerMs: 20,
  answerTokensPerMs: 0.1,
};
const LOCAL: DemoModel = { name: 'llama3.1:8b', provider: 'ollama', promptTokensPerMs: 8, answerTokensPerMs: 0.06 };

/** What the demo's users ask for. Add a kind by adding an entry. */
export const REQUEST_KINDS: readonly RequestKind[] = [
  {
    name: 'POST /v1/chat/completions',
    route: '/v1/chat/completions',
    modality: 'text',
    weight: 6,
    streamShare: 0.7,
    inputTokens: 900,
    outputTokens: 120,
    models: [
      [SMALL, 5],
      [LARGE, 3],
      [CLAUDE, 2],
      [LOCAL, 1],
    ],
    phases: [
      { name: 'request_received', medianMs: 2 },
      { name: 'modality_detection', medianMs: 4 },
      { name: 'vllm_routing', medianMs: 9 },
      { name: 'regolo_response', medianMs: 'model' },
    ],
    texts: [
      ['Where is my order? I was told Tuesday.', 'It left our warehouse this morning and should be with you tomorrow.'],
      [
        'Rewrite this function without the nested loops.',
        'Here is a version that builds an index first, so that each lookup is constant.',
      ],
      [
        'Summarise the meeting notes in three points.',
        '1. The launch moves to March. 2. Anna owns the budget. 3. The next review is on Friday.',
      ],
    ],
  },
  {
    name: 'ask-documents',
    route: '/v1/documents/:collection/ask',
    modality: 'text',
    weight: 3,
    streamShare: 0.4,
    inputTokens: 2600,
    outputTokens: 220,
    models: [
      [LARGE, 3],
      [CLAUDE, 3],
      [SMALL, 1],
    ],
    phases: [
      { name: 'retrieval', medianMs: 85 },
      { name: 'grading', medianMs: 140 },
      { name: 'generation', medianMs: 'model' },
    ],
    texts: [
      [
        'What does the contract say about early termination?',
        'Either side may end it with 60 days of notice (section 9.2).',
      ],
      [
        'Which of our sites had an outage in May?',
        'Two: Turin on the 4th for 40 minutes, and Lyon on the 19th for 3 hours.',
      ],
    ],
  },
  {
    name: 'describe-image',
    route: '/v1/images/describe',
    modality: 'image',
    weight: 1,
    streamShare: 0,
    inputTokens: 1400,
    outputTokens: 90,
    models: [
      [LARGE, 2],
      [CLAUDE, 1],
    ],
    phases: [
      { name: 'request_received', medianMs: 6 },
      { name: 'modality_detection', medianMs: 5 },
      { name: 'image_processing', medianMs: 160 },
      { name: 'regolo_response', medianMs: 'model' },
    ],
    texts: [['What is in this photo?', 'A red bicycle that leans against a stone wall.']],
  },
  {
    name: 'voice-note',
    route: '/v1/voice-notes',
    modality: 'audio',
    weight: 1,
    streamShare: 0,
    inputTokens: 500,
    outputTokens: 60,
    models: [
      [SMALL, 2],
      [LOCAL, 1],
    ],
    phases: [
      { name: 'request_received', medianMs: 8 },
      { name: 'modality_detection', medianMs: 5 },
      { name: 'audio_transcription', medianMs: 420 },
      { name: 'regolo_response', medianMs: 'model' },
    ],
    texts: [['(voice) Remind me to call the plumber tomorrow at nine.', 'Done: tomorrow at 9:00, call the plumber.']],
  },
];
