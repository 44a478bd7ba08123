import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SHARED } from './server-pair.js';

/** A target whose page is another each time it is scraped. */
export interface ChangingPage {
  /** `127.0.0.1:port`. */
  readonly target: string;
  /** How often it was scraped. */
  scrapes(): number;
  close(): Promise<void>;
}

/** Series that come and go, every kind of metric, every kind of value, and real pages beside them. */
export function serveChangingPage(): Promise<ChangingPage> {
  const real = realPage();
  return servePage('text/plain; version=0.0.4; charset=utf-8', (scrape) => `${pageOf(scrape)}${real}`);
}

/** OpenMetrics, with an exemplar that is another one each time. */
export function serveExemplarPage(): Promise<ChangingPage> {
  return servePage('application/openmetrics-text; version=1.0.0; charset=utf-8', (scrape) => {
    const exemplar = `# {trace_id="${String(scrape).padStart(32, '0')}",span_id="a"} ${scrape / 4}`;
    return `# TYPE calls counter\ncalls_total{model="m"} ${scrape} ${exemplar}\n# EOF\n`;
  });
}

async function servePage(contentType: string, pageAt: (scrape: number) => string): Promise<ChangingPage> {
  let scrapes = 0;
  const server = createServer((_request, response) => {
    scrapes += 1;
    response.setHeader('content-type', contentType);
    response.end(pageAt(scrapes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    scrapes: () => scrapes,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Not -0, which Prometheus writes as 0. */
const ODD_VALUES = ['NaN', '+Inf', '-Inf', '0', '5e-324', '1.7976931348623157e308', '0.1', '123456789012345680'];

function pageOf(scrape: number): string {
  const lines = [
    '# HELP answers_total How many answers,\\nwith a backslash \\\\.',
    '# TYPE answers_total counter',
    ...['chat', 'embedding'].map((kind) => `answers_total{kind="${kind}"} ${scrape * 7}`),
    '# HELP odd_value Whatever a number may be.',
    '# TYPE odd_value gauge',
    `odd_value{label="${'\\"quoted\\" \\\\ ünïcode \\n'}"} ${ODD_VALUES[scrape % ODD_VALUES.length]}`,
    '# TYPE wait_seconds histogram',
    ...['0.1', '1', '+Inf'].map((le, i) => `wait_seconds_bucket{le="${le}"} ${scrape * (i + 1)}`),
    `wait_seconds_sum ${scrape / 3}`,
    `wait_seconds_count ${scrape * 3}`,
    '# HELP size_bytes How much.',
    '# TYPE size_bytes summary',
    `size_bytes{quantile="0.5"} ${scrape % 4 === 0 ? 'NaN' : scrape}`,
    `size_bytes_sum ${scrape}`,
    `size_bytes_count ${scrape}`,
  ];
  // Prometheus ends a series that is missing with a marker of staleness.
  if (scrape % 3 !== 0) lines.push('# TYPE comes_and_goes gauge', `comes_and_goes ${scrape}`);
  if (scrape < 3) lines.push('only_at_first 1');
  return `${lines.join('\n')}\n`;
}

function realPage(): string {
  if (!existsSync(SHARED)) return '';
  return readFileSync(new URL('exposition/node_exporter/e2e-output-darwin.txt', SHARED), 'utf8');
}
