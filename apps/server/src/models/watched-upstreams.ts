import { isIP } from 'node:net';
import type { Upstream } from '@vedetta/watch';
import { isLoopbackHost } from '../access/host-name.js';
import type { UpstreamSettings } from '../config/upstream-settings.js';
import { gatewayUpstreams } from '../gateway/upstreams.js';

/**
 * The upstreams whose models are shown. Those that the user configured are asked, and those on this machine or its private
 * network; a public provider that nobody configured is not: nothing leaves the machine on its own.
 */
export function watchedUpstreams(settings: UpstreamSettings): readonly Upstream[] {
  return gatewayUpstreams(settings).map(({ name, url, provider }) => {
    const setting = settings[name];
    const key = setting?.checkKey;
    const uncheckedReason =
      url === ''
        ? `no address: set gateway.upstreams.${name}.url`
        : setting === undefined && !isPrivate(url)
          ? `not asked: set gateway.upstreams.${name}.checkKey, or its url`
          : undefined;
    return {
      name,
      provider: listingName(name, provider.name),
      url: url.replace(/\/+$/, ''),
      ...(key === undefined ? {} : { apiKey: key }),
      ...(setting === undefined ? { optional: true } : {}),
      ...(uncheckedReason === undefined ? {} : { uncheckedReason }),
    };
  });
}

/** How its models are listed goes by the name of the provider, without the prefixes of the GenAI conventions. */
function listingName(name: string, provider: string): string {
  switch (provider) {
    case 'azure.ai.openai':
      return 'azure';
    case 'gcp.gemini':
      return 'gemini';
    default:
      return provider === '' ? name : provider;
  }
}

function isPrivate(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isLoopbackHost(host)) return true;
  if (isIP(host) === 4) return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host);
  return isIP(host) === 6 && /^f[cd]/i.test(host);
}
