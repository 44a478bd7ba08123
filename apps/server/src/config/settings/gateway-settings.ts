import { readUpstreams } from '../upstream-settings.js';
import type { Setting } from './setting.js';
import { readInteger, readPortOrOff, readSwitch } from './setting-readers.js';

/** Upstreams of the gateway and the checks of their models. */
export const GATEWAY_SETTINGS: readonly Setting[] = [
  {
    path: 'models.checkIntervalSeconds',
    variables: ['VEDETTA_MODELS_CHECK_INTERVAL_SECONDS'],
    flag: 'models-check-interval-seconds',
    type: 'integer, 1 to 86400',
    default: 10,
    description: 'Time between two looks at which models each upstream serves. Lists are read, no tokens are spent.',
    read: readInteger(1, 86_400),
  },
  {
    path: 'gateway.upstreams',
    variables: ['VEDETTA_GATEWAY_<NAME>_URL', 'VEDETTA_GATEWAY_<NAME>_PROVIDER', 'VEDETTA_GATEWAY_<NAME>_CHECK_KEY'],
    type: 'by name: `url`, `provider`, `checkKey`',
    default: {},
    description:
      'Where the gateway passes calls to: `/gateway/<name>/...`; see [gateway.md](gateway.md#upstreams). `provider` is the API it speaks, by default that of the name, else `openai-compatible`. `checkKey` is sent to list its models; see [models.md](models.md).',
    read: readUpstreams,
  },
  {
    path: 'gateway.ollamaPort',
    variables: ['VEDETTA_GATEWAY_OLLAMA_PORT'],
    flag: 'gateway-ollama-port',
    type: 'integer, 0 to 65535, or `off`',
    default: 'off',
    description:
      'Additional port on loopback where every request goes to the upstream `ollama`, for `OLLAMA_HOST` to point at.',
    read: readPortOrOff,
  },
  {
    path: 'gateway.injectUsage',
    variables: ['VEDETTA_GATEWAY_INJECT_USAGE'],
    flag: 'gateway-inject-usage',
    type: '`true` or `false`',
    default: true,
    description:
      'Asks for the usage of streams where a provider sends it only on request; the client does not see what comes because of it.',
    read: readSwitch,
  },
  {
    path: 'gateway.connectTimeoutSeconds',
    variables: ['VEDETTA_GATEWAY_CONNECT_TIMEOUT_SECONDS'],
    flag: 'gateway-connect-timeout-seconds',
    type: 'integer, 1 to 600',
    default: 10,
    description: 'An upstream that takes no connection for this long is answered for with 504.',
    read: readInteger(1, 600),
  },
  {
    path: 'gateway.headersTimeoutSeconds',
    variables: ['VEDETTA_GATEWAY_HEADERS_TIMEOUT_SECONDS'],
    flag: 'gateway-headers-timeout-seconds',
    type: 'integer, 1 to 86400',
    default: 600,
    description:
      'An upstream that has the request and does not begin to answer for this long is answered for with 504.',
    read: readInteger(1, 86_400),
  },
  {
    path: 'gateway.idleTimeoutSeconds',
    variables: ['VEDETTA_GATEWAY_IDLE_TIMEOUT_SECONDS'],
    flag: 'gateway-idle-timeout-seconds',
    type: 'integer, 1 to 86400',
    default: 300,
    description: 'A response that stands still for this long is cut.',
    read: readInteger(1, 86_400),
  },
];
