import path from 'node:path';
import type { Credentials, HttpSettings, PemSource, SecretSource, TlsSettings, TlsVersion } from './scrape-config.js';
import type { SectionReader } from './section-reader.js';

const TLS_VERSIONS: Readonly<Record<string, TlsVersion>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};
/** Of these a scrape would take another way, or prove itself otherwise. */
export const REFUSED_HTTP_KEYS = [
  'oauth2',
  'proxy_url',
  'proxy_from_environment',
  'proxy_connect_header',
  'http_headers',
  'sigv4',
];
/** HTTP/1.1 is what is spoken; every target that speaks HTTP/2 speaks it too. */
export const IGNORED_HTTP_KEYS = ['enable_http2', 'no_proxy'];

/** Reads how the pages of a job are fetched. Files are relative to the folder of the configuration. */
export function readHttpSettings(job: SectionReader, folder: string): HttpSettings {
  return {
    credentials: readCredentials(job, folder),
    followRedirects: job.flag('follow_redirects', true),
    tls: readTls(job, folder),
  };
}

function readCredentials(job: SectionReader, folder: string): Credentials {
  const ways = ['basic_auth', 'authorization', 'bearer_token', 'bearer_token_file'].filter((key) => job.has(key));
  if (ways.length > 1) job.fault(ways[1] as string, `cannot stand beside ${ways[0]}`);
  const basic = job.section('basic_auth');
  const authorization = job.section('authorization');
  const bearer = readSecret(job, 'bearer_token', folder);
  if (basic !== undefined) {
    const username = readSecret(basic, 'username', folder) ?? { kind: 'value', value: '' };
    const password = readSecret(basic, 'password', folder) ?? { kind: 'value', value: '' };
    basic.close();
    return { kind: 'basic', username, password };
  }
  if (authorization !== undefined) return readAuthorization(authorization, folder);
  return bearer === undefined ? { kind: 'none' } : { kind: 'token', scheme: 'Bearer', credentials: bearer };
}

function readAuthorization(section: SectionReader, folder: string): Credentials {
  const scheme = section.text('type', 'Bearer').trim();
  if (scheme.toLowerCase() === 'basic') section.fault('type', 'cannot be basic: use basic_auth');
  else if (!/^[\w!#$%&'*+.^`|~-]+$/.test(scheme)) section.fault('type', 'must be the name of a scheme, such as Bearer');
  const credentials = readSecret(section, 'credentials', folder);
  section.close();
  return credentials === undefined ? { kind: 'none' } : { kind: 'token', scheme, credentials };
}

function readTls(job: SectionReader, folder: string): TlsSettings {
  const section = job.section('tls_config');
  const settings: TlsSettings = {
    ca: section && readSecret(section, 'ca', folder),
    cert: section && readSecret(section, 'cert', folder),
    key: section && readSecret(section, 'key', folder),
    serverName: section?.text('server_name') ?? '',
    insecureSkipVerify: section?.flag('insecure_skip_verify', false) ?? false,
    minVersion: section && readVersion(section, 'min_version'),
    maxVersion: section && readVersion(section, 'max_version'),
  };
  if ((settings.cert === undefined) !== (settings.key === undefined)) {
    job.fault('tls_config', 'needs a certificate (cert_file) and its key (key_file), or neither');
  }
  section?.close();
  return settings;
}

function readVersion(section: SectionReader, key: string): TlsVersion | undefined {
  const text = section.text(key);
  const version = TLS_VERSIONS[text];
  if (text !== '' && version === undefined)
    section.fault(key, `must be one of ${Object.keys(TLS_VERSIONS).join(', ')}`);
  return version;
}

/** `password` and `password_file`, and so on: one of the two. */
function readSecret(section: SectionReader, key: string, folder: string): SecretSource | PemSource | undefined {
  const fileKey = `${key}_file`;
  const file = section.text(fileKey);
  const value = section.text(key);
  if (file !== '' && value !== '') section.fault(fileKey, `cannot stand beside ${key}`);
  if (file !== '') return { kind: 'file', file: path.resolve(folder, file) };
  return value === '' ? undefined : { kind: 'value', value };
}
