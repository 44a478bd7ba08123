const MAX_LENGTH = 160;

/**
 * A key under which errors of one cause meet: the type, then the message with everything that varies between two
 * occurrences (quoted text, ids, addresses, numbers) replaced by a placeholder. Empty when type and message are.
 */
export function errorFingerprint(type: string, message: string): string {
  if (type === '' && message === '') return '';
  const shape = message
    .slice(0, 2000)
    .replace(/https?:\/\/[^\s"')]+/g, '<url>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>')
    .replace(/\b(?:[0-9a-f]{16,}|[a-z]{2,6}[-_][A-Za-z0-9]{12,})\b/g, '<id>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<address>')
    .replace(/"[^"]{0,200}"|'[^']{0,200}'/g, '<text>')
    .replace(/\d+(?:\.\d+)?/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim();
  return `${type}: ${shape}`.slice(0, MAX_LENGTH);
}
