import { cleanupCommand } from './commands/cleanup.js';
import type { DefineCommand } from './commands/command.js';
import { demoCommand } from './commands/demo.js';
import { logsCommand } from './commands/logs.js';
import { pricesCommand } from './commands/prices.js';
import { restartCommand } from './commands/restart.js';
import { sqlCommand } from './commands/sql.js';
import { startCommand } from './commands/start.js';
import { statusCommand } from './commands/status.js';
import { stopCommand } from './commands/stop.js';
import { testCommand } from './commands/test.js';

/** Every command, in the order of the help. */
export const COMMAND_TABLE: readonly DefineCommand[] = [
  startCommand,
  stopCommand,
  restartCommand,
  statusCommand,
  logsCommand,
  testCommand,
  cleanupCommand,
  sqlCommand,
  pricesCommand,
  demoCommand,
];
