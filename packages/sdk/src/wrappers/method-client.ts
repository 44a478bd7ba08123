import type { Provider } from '@vedetta/providers';
import { findProvider } from '@vedetta/providers';
import { CallRecorder } from './call-recorder.js';
import { monitorOf } from './monitor-of.js';
import { observeAnswer } from './observe-answer.js';
import { providerOfUrl } from './provider-name.js';
import { safely } from './safely.js';
import type { TrackOptions } from './track-options.js';
import type { Method } from './view.js';
import { createViews, isReplaceable, onTarget } from './view.js';

/** The methods of a client that call a model, each a function of one request, with the API's path behind it. */
interface MethodTree {
  readonly [name: string]: string | MethodTree | undefined;
}

/** A client that is observed method by method. */
export interface MethodClientKind {
  readonly api: Provider | undefined;
  readonly methods: MethodTree;
}

const OLLAMA: MethodClientKind = {
  api: findProvider('ollama'),
  methods: tree({
    chat: '/api/chat',
    generate: '/api/generate',
    embed: '/api/embed',
    embeddings: '/api/embeddings',
  }),
};

/** What has the methods of OpenAI's client and not its inside: a stand-in, a compatible client of another maker. */
const LIKE_OPENAI: MethodClientKind = {
  api: findProvider('openai'),
  methods: tree({
    chat: tree({ completions: tree({ create: '/chat/completions' }) }),
    completions: tree({ create: '/completions' }),
    responses: tree({ create: '/responses' }),
    embeddings: tree({ create: '/embeddings' }),
    images: tree({ generate: '/images/generations' }),
  }),
};

const LIKE_ANTHROPIC: MethodClientKind = {
  api: findProvider('anthropic'),
  methods: tree({ messages: tree({ create: '/messages' }) }),
};

/** Told by the methods that there are; `undefined` when none of the kinds has them. */
export function methodKind(client: object): MethodClientKind | undefined {
  const { chat, generate, messages, responses } = client as { readonly [name: string]: unknown };
  if (typeof chat === 'function' && typeof generate === 'function') return OLLAMA;
  const { completions } = (isObject(chat) ? chat : {}) as { readonly completions?: unknown };
  if (hasMethod(completions, 'create') || hasMethod(responses, 'create')) return LIKE_OPENAI;
  return hasMethod(messages, 'create') ? LIKE_ANTHROPIC : undefined;
}

/** The client as seen through a Proxy whose methods that call a model are observed. */
export function trackMethods<T extends object>(client: T, kind: MethodClientKind, options: TrackOptions): T {
  const { baseURL } = client as { readonly baseURL?: unknown };
  const provider = options.provider ?? providerOfUrl(baseURL, kind.api?.name ?? '');
  return viewOf(client, kind.methods, createViews(), (method, self, args, path) =>
    callTracked(method, self, args, () => startCall(kind, path, args[0], { ...options, provider })),
  );
}

type Run = (method: Method, self: object, args: unknown[], path: string) => unknown;

function viewOf<T extends object>(
  client: T,
  methods: MethodTree,
  remember: ReturnType<typeof createViews>,
  run: Run,
): T {
  const view: T = new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      const entry = typeof key === 'string' ? methods[key] : undefined;
      if (key === 'constructor' || !isReplaceable(target, key)) return value;
      if (typeof value === 'function') {
        const method = value as Method;
        if (typeof entry === 'string') {
          return remember(method, () => onTarget(method, view, target, (args) => run(method, target, args, entry)));
        }
        if (Object.hasOwn(target, key)) return value;
        return remember(method, () => onTarget(method, view, target, (args) => Reflect.apply(method, target, args)));
      }
      return isObject(value) && isObject(entry) ? remember(value, () => viewOf(value, entry, remember, run)) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
  return view;
}

function callTracked(method: Method, self: object, args: unknown[], start: () => CallRecorder | undefined): unknown {
  const call = safely(start);
  if (call === undefined) return Reflect.apply(method, self, args);
  let answer: unknown;
  try {
    answer = Reflect.apply(method, self, args);
  } catch (error) {
    safely(() => call.fail(error));
    throw error;
  }
  return observeAnswer(answer, call);
}

function startCall(
  kind: MethodClientKind,
  path: string,
  body: unknown,
  options: TrackOptions & { readonly provider: string },
): CallRecorder | undefined {
  const endpoint = kind.api?.match('POST', path);
  if (endpoint === undefined) return undefined;
  const facts = endpoint.readRequest(body);
  // Ollama's API streams unless told otherwise; its client streams only when told to.
  const { stream } = (body ?? {}) as { readonly stream?: unknown };
  const start = {
    operation: endpoint.operation,
    modality: endpoint.modality,
    provider: options.provider,
    model: facts.model ?? '',
    stream: stream === true,
    facts,
    signal: undefined,
  };
  return new CallRecorder(monitorOf(options), options, start, endpoint.readResponse());
}

/** Names come from outside, so that the table has no prototype. */
function tree(methods: MethodTree): MethodTree {
  return Object.assign(Object.create(null) as object, methods);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function hasMethod(value: unknown, name: string): boolean {
  return isObject(value) && typeof (value as { readonly [name: string]: unknown })[name] === 'function';
}
