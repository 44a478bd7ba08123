import type { ResolvedConfig, ServerUrls } from '@vedetta/server';
import { formatFacts } from './output/facts.js';
import type { Style } from './output/style.js';
import { VERSION } from './version.js';

/** How the server runs, as far as it is worth telling. */
export interface RunningDetails {
  /** Number of its process, when it runs in the background. */
  readonly pid?: number;
  /** File of its log, when there is one. */
  readonly log: string | undefined;
}

/** Where everything is: what `start` prints. */
export function runningBlock(
  urls: ServerUrls,
  config: ResolvedConfig,
  style: Style,
  details: RunningDetails,
): readonly string[] {
  const { pid, log } = details;
  const facts: (readonly [string, string])[] = [
    ['Page', style.bold(urls.page)],
    ['API', `${urls.api}  (described at ${urls.api}/openapi.json)`],
    ['OTLP', urls.otlp.join('  and  ')],
  ];
  if (config.otlp.port !== 'off' && urls.otlp.length === 1) {
    facts.push(['', `(port ${config.otlp.port} is taken by another program: point exporters at the address above)`]);
  }
  facts.push(['Data', config.dataDir]);
  if (log !== undefined) facts.push(['Log', log]);
  return [
    `${style.bold(`Vedetta ${VERSION}`)} is ${style.good('running')}${pid === undefined ? '' : ` (pid ${pid})`}`,
    '',
    ...formatFacts(facts),
    '',
    pid === undefined
      ? 'Stop it with Ctrl-C.'
      : 'Stop it with "vedetta stop"; look with "vedetta status", "vedetta logs -f".',
  ];
}
