import path from 'node:path';
import { isPlainLabelName } from '../labels.js';
import type { FileDiscovery, TargetGroup } from './scrape-config.js';
import type { SectionReader } from './section-reader.js';

const DEFAULT_REFRESH_MS = 5 * 60_000;
/** A star may stand in the last part of a path only, as in Prometheus. */
const PATTERN = /^[^*]*(?:\*[^/]*)?\.(?:json|ya?ml|JSON|YA?ML)$/;

/** One of `static_configs`, or of the groups in a file of targets. */
export function readTargetGroup(section: SectionReader): TargetGroup {
  const targets = section.texts('targets');
  for (const [i, target] of targets.entries()) {
    if (target.includes('/')) section.fault(`targets[${i}]`, `${JSON.stringify(target)} is no host and port`);
  }
  const labelSection = section.section('labels');
  const labels = labelSection?.allTexts() ?? new Map<string, string>();
  for (const name of labels.keys()) {
    if (!isPlainLabelName(name)) labelSection?.fault(name, 'is no name of a label');
  }
  section.close();
  return { targets, labels };
}

/** One of `file_sd_configs`. */
export function readFileDiscovery(section: SectionReader, folder: string): FileDiscovery {
  const patterns = section.texts('files').map((file, i) => {
    if (!PATTERN.test(file)) {
      section.fault(
        `files[${i}]`,
        `${JSON.stringify(file)} must end in .json, .yml or .yaml, with one * in its last part at most`,
      );
    }
    return path.resolve(folder, file);
  });
  if (patterns.length === 0) section.fault('files', 'must name at least one file');
  const refreshMs = section.durationMs('refresh_interval', DEFAULT_REFRESH_MS);
  if (refreshMs <= 0) section.fault('refresh_interval', 'must be longer than 0');
  section.close();
  return { patterns, refreshMs };
}
