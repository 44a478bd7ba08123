/** Lines of `label  value`, values aligned, two spaces in front: the block that `start` and `status` show. */
export function formatFacts(facts: ReadonlyArray<readonly [label: string, value: string]>): readonly string[] {
  const width = Math.max(0, ...facts.map(([label]) => label.length));
  return facts.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
}
