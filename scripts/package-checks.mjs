// Checks that what each package.json promises is there after a build, and that the SDK works as it is published; part of npm test.
import { checkPackages } from './lib/package-checks.mjs';
import { checkPackedSdk } from './lib/packed-sdk.mjs';
import { ROOT } from './lib/setup.mjs';

const faults = [...checkPackages(ROOT), ...checkPackedSdk(ROOT)];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log('Every package holds what its package.json promises.');
