import { GATEWAY_SETTINGS } from './gateway-settings.js';
import { INTAKE_SETTINGS } from './intake-settings.js';
import { METRICS_SETTINGS } from './metrics-settings.js';
import { OPERATION_SETTINGS } from './operation-settings.js';
import { PRICE_SETTINGS } from './price-settings.js';
import { SERVER_SETTINGS } from './server-settings.js';
import type { Setting } from './setting.js';

/** Every setting, in the order of the documentation. The only source of `docs/configuration.md`. */
export const SETTINGS: readonly Setting[] = [
  ...SERVER_SETTINGS,
  ...INTAKE_SETTINGS,
  ...METRICS_SETTINGS,
  ...GATEWAY_SETTINGS,
  ...PRICE_SETTINGS,
  ...OPERATION_SETTINGS,
];

/** The variable that names the configuration file; it is no setting, since it cannot stand in the file. */
export const CONFIG_FILE_VARIABLE = 'VEDETTA_CONFIG';

/** Variables of the SDK, the CLI and the browser tests, which may be set in the server's process too. */
export const OTHER_VARIABLES: readonly string[] = [
  'VEDETTA_URL',
  'VEDETTA_ENDPOINT',
  'VEDETTA_SERVICE_NAME',
  'VEDETTA_DISABLED',
  'VEDETTA_CHROMIUM',
];
