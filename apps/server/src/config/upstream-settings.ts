import type { SettingReader } from './settings/setting-readers.js';

/** What the configuration says of one upstream of the gateway. */
export interface UpstreamSetting {
  /** Base URL; absent keeps the one that is known for the name. */
  readonly url?: string;
  /** Which API it speaks: a provider's name, or `openai-compatible`. */
  readonly provider?: string;
  /** Key with which its models are listed, sent to this upstream only. Calls of the gateway bring their own. */
  readonly checkKey?: string;
}

/** Upstreams by name. */
export type UpstreamSettings = Readonly<Record<string, UpstreamSetting>>;

const NAME = /^[a-z0-9][a-z0-9._-]{0,49}$/;
const VARIABLE = /^VEDETTA_GATEWAY_([A-Z0-9][A-Z0-9_]{0,49})_(URL|PROVIDER|CHECK_KEY)$/;

/** Reads `gateway.upstreams` of a file. */
export const readUpstreams: SettingReader = (raw) => {
  const invalid = (expected: string) => ({ kind: 'invalid', expected }) as const;
  if (!isRecord(raw)) return invalid('upstreams by name, each with its url');
  const upstreams: Record<string, UpstreamSetting> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (!NAME.test(name))
      return invalid(`upstreams whose names are lower-case letters, digits, ".", "_" and "-" (${name})`);
    const members: unknown = typeof value === 'string' ? { url: value } : value;
    if (!isRecord(members)) return invalid(`upstreams by name, each with its url (${name})`);
    const unknown = Object.keys(members).find((key) => key !== 'url' && key !== 'provider' && key !== 'checkKey');
    if (unknown !== undefined)
      return invalid(`upstreams with url, provider and checkKey and nothing else (${name}.${unknown})`);
    const { url, provider, checkKey } = members;
    if (url !== undefined && !isHttpUrl(url))
      return invalid(`upstreams whose url begins with http:// or https:// (${name})`);
    if (provider !== undefined && typeof provider !== 'string')
      return invalid(`upstreams whose provider is a name (${name})`);
    if (checkKey !== undefined && typeof checkKey !== 'string')
      return invalid(`upstreams whose checkKey is a text (${name})`);
    upstreams[name] = {
      ...(url === undefined ? {} : { url: url as string }),
      ...(provider === undefined ? {} : { provider }),
      ...(checkKey === undefined || checkKey === '' ? {} : { checkKey }),
    };
  }
  return { kind: 'value', value: upstreams };
};

/** What a variable of one upstream says: the upstreams with it, or what is wrong; `undefined` when it is another variable. */
export function readUpstreamVariable(
  variable: string,
  raw: string,
  upstreams: UpstreamSettings,
): { readonly upstreams: UpstreamSettings } | { readonly expected: string } | undefined {
  const match = VARIABLE.exec(variable);
  if (match === null) return undefined;
  const written = match[1] as string;
  const text = raw.trim();
  if (match[2] === 'URL' && !isHttpUrl(text)) return { expected: 'an address that begins with http:// or https://' };
  // A name of the file may have other separators than a variable can.
  const name =
    Object.keys(upstreams).find((each) => upstreamVariable(each) === written) ??
    written.toLowerCase().replaceAll('_', '-');
  const member = toMember(match[2] as string, text);
  return { upstreams: { ...upstreams, [name]: { ...upstreams[name], ...member } } };
}

function toMember(what: string, text: string): UpstreamSetting {
  switch (what) {
    case 'URL':
      return { url: text };
    case 'CHECK_KEY':
      return { checkKey: text };
    default:
      return { provider: text };
  }
}

/** The part of a variable's name that stands for an upstream. */
function upstreamVariable(name: string): string {
  return name.toUpperCase().replaceAll(/[.-]/g, '_');
}

/** Credentials in an address would be shown wherever the address is. */
function isHttpUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || !URL.canParse(value)) return false;
  const { username, password, search, hash } = new URL(value);
  return username === '' && password === '' && search === '' && hash === '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
