import type { ExitName } from './exit-codes.js';

/**
 * An expected end of a command that is not success: printed as its message without a stack, and the process exits with the
 * code of that name. Any other error that reaches the top is a bug.
 */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exit: ExitName;

  /** @param message what failed, the offending value, and what to do. */
  constructor(exit: ExitName, message: string) {
    super(message);
    this.exit = exit;
  }
}

/** The code of a system error (`EADDRINUSE`), or `''` for anything else. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The message of whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
