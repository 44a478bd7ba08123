/**
 * Vedetta as a library: the server inside a Node process of one's own. See `docs/cli.md` for the program.
 *
 * @example
 * import { loadConfig, startServer } from 'vedetta';
 * const loaded = await loadConfig({ flags: { port: 8081 } });
 * if (loaded.kind === 'resolved') await startServer(loaded.config);
 */
export type {
  ConfigError,
  LoadConfigOptions,
  LoadedConfig,
  ResolvedConfig,
  RunningServer,
  ServerUrls,
  StartOptions,
} from '@vedetta/server';
export { loadConfig, ServerStartError, startServer } from '@vedetta/server';
