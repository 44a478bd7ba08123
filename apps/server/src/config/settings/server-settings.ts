import type { Setting } from './setting.js';
import { readHosts, readPort, readSecrets, readText } from './setting-readers.js';

/** What the server listens on and who may ask it. */
export const SERVER_SETTINGS: readonly Setting[] = [
  {
    path: 'port',
    variables: ['VEDETTA_PORT'],
    flag: 'port',
    type: 'integer, 0 to 65535',
    default: 8080,
    description: 'Port of the pages, the API and OTLP. 0 picks a free one.',
    read: readPort,
  },
  {
    path: 'host',
    variables: ['VEDETTA_HOST'],
    flag: 'host',
    type: 'address',
    default: '127.0.0.1',
    description: 'Address to listen on. Any but a loopback address needs `access.password` or `access.apiKeys`.',
    read: readText,
  },
  {
    path: 'dataDir',
    variables: ['VEDETTA_DATA_DIR'],
    flag: 'data-dir',
    type: 'path',
    default: '.vedetta',
    description: 'Folder of the database, relative to the folder the server is started in. Made when it is missing.',
    read: readText,
  },
  {
    path: 'access.password',
    variables: ['VEDETTA_PASSWORD'],
    type: 'text',
    default: '',
    description: 'Password of every page and route. Browsers ask for it; any user name will do.',
    read: readText,
  },
  {
    path: 'access.apiKeys',
    variables: ['VEDETTA_API_KEYS', 'VEDETTA_API_KEY'],
    type: 'list of texts',
    default: [],
    description: 'Keys for programs, sent as `Authorization: Bearer` or `x-api-key`. At least 8 characters each.',
    read: readSecrets,
  },
  {
    path: 'access.allowedHosts',
    variables: ['VEDETTA_ALLOWED_HOSTS'],
    flag: 'allowed-hosts',
    type: 'list of host names',
    default: [],
    description:
      'Names the server may be addressed by, besides loopback names and the address it listens on: `monitor.example.com`.',
    read: readHosts,
  },
];
