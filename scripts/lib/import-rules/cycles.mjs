/**
 * Finds the cycles of a graph: one for each group of nodes that reach each other, shown as a path that ends where it began.
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @returns {string[][]}
 */
export function findCycles(graph) {
  /** @type {Map<string, { index: number, low: number }>} */
  const seen = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const cycles = [];
  /** @param {string} node */
  const visit = (node) => {
    const entry = { index: seen.size, low: seen.size };
    seen.set(node, entry);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      const known = seen.get(next);
      if (known === undefined) entry.low = Math.min(entry.low, visit(next));
      else if (stack.includes(next)) entry.low = Math.min(entry.low, known.index);
    }
    if (entry.low === entry.index) {
      const group = stack.splice(stack.indexOf(node));
      if (group.length > 1 || graph.get(node)?.includes(node)) cycles.push(pathThrough(graph, node, group));
    }
    return entry.low;
  };
  for (const node of graph.keys()) if (!seen.has(node)) visit(node);
  return cycles;
}

/**
 * A shortest way from a node through its group and back to it.
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @param {string} start
 * @param {readonly string[]} group
 */
function pathThrough(graph, start, group) {
  const members = new Set(group);
  const ways = [{ end: start, path: [start] }];
  const reached = new Set();
  for (const { end, path } of ways) {
    for (const next of graph.get(end) ?? []) {
      if (next === start) return [...path, start];
      if (!members.has(next) || reached.has(next)) continue;
      reached.add(next);
      ways.push({ end: next, path: [...path, next] });
    }
  }
  return [...group];
}
