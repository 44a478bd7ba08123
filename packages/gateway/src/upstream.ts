import type { Provider } from '@vedetta/providers';

/** Where calls of one name go. */
export interface UpstreamOptions {
  /** Name in the address: `/gateway/<name>/...`. */
  readonly name: string;
  /** Base URL, http or https, perhaps with a path; `''` when the user has to configure it first. */
  readonly url: string;
  /** Reads what the upstream says. */
  readonly provider: Provider;
  /** `gen_ai.provider.name` of its calls; the provider's own by default. */
  readonly providerName?: string;
  /** Name of the phase before the upstream has the request: `vllm_routing` for a vLLM server. Default `connect`. */
  readonly routingPhase?: string;
}

/** An upstream as calls use it. */
export interface Upstream {
  readonly name: string;
  readonly provider: Provider;
  readonly providerName: string;
  readonly routingPhase: string | undefined;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** Path of the base URL without a slash at its end; `''` for none. */
  readonly basePath: string;
  /** False once it refused a call because usage was asked for. */
  asksUsage: boolean;
}

/** What an address under `/gateway/` means. */
export type Target =
  | { readonly kind: 'upstream'; readonly upstream: Upstream; readonly path: string }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'unconfigured'; readonly name: string }
  | { readonly kind: 'dot_segments' };

/** The upstreams by name. Hosts come from here and from nowhere else. */
export class Upstreams {
  readonly #byName = new Map<string, Upstream | undefined>();

  constructor(options: readonly UpstreamOptions[]) {
    for (const each of options) this.#byName.set(each.name, each.url === '' ? undefined : toUpstream(each));
  }

  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** `rest` is what follows `/gateway/`: `openai/v1/models?limit=2`. */
  find(rest: string): Target {
    const end = rest.search(/[/?]/);
    const name = end === -1 ? rest : rest.slice(0, end);
    const path = end === -1 ? '/' : rest[end] === '?' ? `/${rest.slice(end)}` : rest.slice(end);
    return this.at(name, path);
  }

  /** The target of a name and of the path, with query, behind it. */
  at(name: string, path: string): Target {
    if (!this.#byName.has(name)) return { kind: 'unknown', name };
    const upstream = this.#byName.get(name);
    if (upstream === undefined) return { kind: 'unconfigured', name };
    if (hasDotSegments(path)) return { kind: 'dot_segments' };
    return { kind: 'upstream', upstream, path };
  }
}

function toUpstream(options: UpstreamOptions): Upstream {
  const url = new URL(options.url);
  return {
    name: options.name,
    provider: options.provider,
    providerName: options.providerName ?? options.provider.name,
    routingPhase: options.routingPhase,
    origin: url.origin,
    host: url.hostname,
    port: url.port !== '' ? Number(url.port) : url.protocol === 'https:' ? 443 : 80,
    basePath: url.pathname.replace(/\/+$/, ''),
    asksUsage: true,
  };
}

/** `..` would lead out of the base URL's path; no client sends it, since URL parsers resolve it. */
function hasDotSegments(path: string): boolean {
  const query = path.indexOf('?');
  const bare = query === -1 ? path : path.slice(0, query);
  if (!bare.includes('.') && !bare.includes('%2')) return false;
  return bare.split(/[/\\]|%2f|%5c/i).some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
}
