/** How the program can end. Scripts may rely on the numbers: they are documented in `docs/cli.md`, and a test holds both equal. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'It worked.' },
  failed: { code: 1, meaning: 'Something failed that has no code of its own; the message says what.' },
  usage: { code: 2, meaning: 'The command line is wrong: unknown command or option, a value out of range.' },
  notRunning: {
    code: 3,
    meaning: 'No server runs on this data directory (`stop`, `status`, and all that ask a server).',
  },
  alreadyRunning: { code: 4, meaning: 'A server runs on this data directory already.' },
  portTaken: { code: 5, meaning: 'The port is taken by another program.' },
  notPermitted: { code: 6, meaning: 'No permission for the port (below 1024) or for the data directory.' },
  storeLocked: { code: 7, meaning: 'Another process has the database open.' },
  newerData: { code: 8, meaning: 'The data directory was written by a newer version of Vedetta.' },
  configuration: {
    code: 9,
    meaning: 'The configuration is wrong: unknown key, impossible value, public address without a key.',
  },
  notStarted: { code: 10, meaning: 'The server ended or did not answer while it started.' },
  notStopped: { code: 11, meaning: 'The server did not end within 12 seconds; `--force` kills it.' },
  testFailed: { code: 12, meaning: '`test` found a step that does not work.' },
  refused: { code: 13, meaning: 'The server answered with an error: bad SQL, missing key.' },
} as const;

/** Name of an exit code. */
export type ExitName = keyof typeof EXIT_CODES;
