/**
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {readonly string[]} [os]
 * @property {readonly string[]} [cpu]
 * @property {readonly string[]} [libc]
 *
 * @typedef {Record<string, LockEntry>} LockPackages entries of a lockfile's `packages` by path
 */

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openbsd', 'netbsd', 'sunos', 'aix', 'win32', 'openharmony'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32'];

/**
 * Optional packages that an entry asks for and the lockfile does not hold. npm leaves out those of other platforms when it
 * cannot find them at the time of locking, and `npm ci` then refuses the lockfile on every platform.
 * @param {LockPackages} packages
 * @returns {{ from: string, path: string, version: string }[]}
 */
export function missingPlatformPackages(packages) {
  return Object.entries(packages).flatMap(([from, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isHeld(packages, from, name))
      .map(([name, version]) => ({ from, path: `node_modules/${name}`, version })),
  );
}

/**
 * The entry of a platform package: which system and processor it is for is said by its name. Without a checksum, since the
 * package was not there to be read: npm fills it in where it is installed.
 * @param {string} path
 * @param {string} version exact
 * @param {boolean} dev
 * @returns {LockEntry}
 */
export function platformEntry(path, version, dev) {
  const words = path.split('/').pop()?.split(/[-_]/) ?? [];
  const os = SYSTEMS.filter((name) => words.includes(name));
  const cpu = words.includes('gnueabihf') ? ['arm'] : PROCESSORS.filter((name) => words.includes(name)).slice(0, 1);
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}

/**
 * Adds what is missing; answers how many entries that were. Paths stay in the order npm writes them.
 * @param {{ packages: LockPackages }} lockfile
 */
export function completeLockfile(lockfile) {
  const missing = missingPlatformPackages(lockfile.packages);
  for (const { from, path, version } of missing) {
    const { dev, devOptional } = lockfile.packages[from] ?? {};
    lockfile.packages[path] = platformEntry(path, version, dev === true || devOptional === true);
  }
  const sorted = Object.entries(lockfile.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lockfile.packages = Object.fromEntries(sorted);
  return missing.length;
}

/**
 * True when a package finds the named one in its own folder or in one above, as Node looks for it.
 * @param {LockPackages} packages
 * @param {string} from
 * @param {string} name
 */
function isHeld(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
  }
}
