// Parsed and run by whatever Node is there, however old: no syntax newer than ES2015 in this file.

/** The oldest Node that runs Vedetta. */
export const MINIMUM_NODE = '20.19.0';

/**
 * What to tell a user whose Node is too old; `undefined` when it is new enough.
 * @param {string} version such as `20.20.2`
 * @returns {string | undefined}
 */
export function nodeTooOld(version) {
  const have = version.split('.').map(Number);
  const want = MINIMUM_NODE.split('.').map(Number);
  const differing = want.findIndex((number, i) => number !== have[i]);
  if (differing === -1 || Number(have[differing]) > Number(want[differing])) return undefined;
  return (
    'Vedetta needs Node ' +
    MINIMUM_NODE +
    ' or newer; this is Node ' +
    version +
    ' (' +
    process.execPath +
    ').\nInstall a newer one from https://nodejs.org or with a version manager (nvm install 20), then try again.'
  );
}

/** Ends the process with a message when Node is too old. Call it before anything newer is imported. */
export function requireNode() {
  const problem = nodeTooOld(process.versions.node);
  if (problem === undefined) return;
  console.error(problem);
  process.exit(1);
}
