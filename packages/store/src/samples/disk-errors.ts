/** A sentence about a failure of the log. */
export function logProblem(error: unknown): string {
  return `the log of samples could not be written: ${error instanceof Error ? error.message : String(error)}`;
}

/** A full disk passes; after any other failure of the log nobody can say what is on the disk. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
