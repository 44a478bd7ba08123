/** `$name`, `${name}`, `$1`, `$$`. A name without braces goes on as long as it can: `$1x` is a group named `1x`. */
const REFERENCE = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/**
 * Puts the groups of a match into a template, as Go's `Regexp.Expand` does: a group that is not there is empty, a dollar sign
 * that begins no reference stands for itself.
 */
export function expandTemplate(
  template: string,
  groups: readonly (string | undefined)[],
  names: ReadonlyMap<string, number>,
): string {
  if (!template.includes('$')) return template;
  return template.replace(REFERENCE, (whole, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    if (whole === '$$' || name === undefined) return '$';
    const index = /^\d+$/.test(name) ? Number(name) : names.get(name);
    return index === undefined ? '' : (groups[index] ?? '');
  });
}
