export type { ConfigError, LoadedConfig, ResolvedConfig } from './config/config.js';
export type { LoadConfigOptions } from './config/load-config.js';
export { loadConfig } from './config/load-config.js';
export type { Setting } from './config/settings/setting.js';
export { CONFIG_FILE_VARIABLE, SETTINGS } from './config/settings/settings.js';
export type { ServerUrls } from './server-context.js';
export type { RunningServer, StartOptions } from './start-server.js';
export { ServerStartError, startServer } from './start-server.js';
export { VERSION } from './version.js';
