import type { Attributes, AttributeValue } from '@vedetta/model';
import { createBag } from '../otlp/attribute-bag.js';

interface Node {
  value: AttributeValue | undefined;
  children: Map<string, Node> | undefined;
}

// Deeper families are no dialect's; the rest of such a key stays one segment.
const MAX_DEPTH = 16;

const INDEX = /^\d{1,9}$/;

/**
 * Rebuilds the tree that a dialect flattened into keys: `p.0.role`, `p.0.text`, `p.1.role` under the prefix `p` become a list
 * of two objects. Numbered members become a list in the order of their numbers, gaps closed. `undefined` when no key has
 * the prefix.
 */
export function unflatten(attributes: Attributes, prefix: string): AttributeValue | undefined {
  const root: Node = { value: undefined, children: undefined };
  const start = `${prefix}.`;
  for (const key in attributes) {
    if (!key.startsWith(start)) continue;
    const segments = key.slice(start.length).split('.');
    if (segments.length > MAX_DEPTH) segments.push(segments.splice(MAX_DEPTH - 1).join('.'));
    let node = root;
    for (const segment of segments) node = child(node, segment);
    node.value = attributes[key];
  }
  return root.children === undefined ? undefined : build(root);
}

function child(node: Node, segment: string): Node {
  node.children ??= new Map();
  let next = node.children.get(segment);
  if (next === undefined) {
    next = { value: undefined, children: undefined };
    node.children.set(segment, next);
  }
  return next;
}

function build(node: Node): AttributeValue {
  if (node.children === undefined) return node.value ?? null;
  const names = [...node.children];
  if (names.every(([name]) => INDEX.test(name))) {
    return names.sort(([a], [b]) => Number(a) - Number(b)).map(([, next]) => build(next));
  }
  const bag = createBag();
  for (const [name, next] of names) bag[name] = build(next);
  return bag;
}
