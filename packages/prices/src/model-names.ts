/** Longer names are no model's. */
const MAX_NAME = 300;
const DATE = /[-@](?:20\d{2}-\d{2}-\d{2}|20\d{6})$/;
const REGION = /^(?:us-gov|us|eu|apac|au|jp|ca|global)\./;

/**
 * Names under which a provider's model may stand in the price list, the strictest first. The order is documented in
 * docs/cost.md; a name is only ever compared whole, never by its beginning.
 */
export function namesOf(provider: string, model: string): readonly string[] {
  const bare = bareName(provider, model);
  if (bare === '' || bare.length > MAX_NAME) return [];
  const names = [bare, ...spellingsOf(provider, bare)];
  // A fine-tune costs other than its base: only `ft:base` will do.
  if (bare.startsWith('ft:')) return names;
  for (const name of [...names]) {
    if (DATE.test(name)) names.push(name.replace(DATE, ''));
    if ((provider === 'gemini' || provider === 'vertex') && /-00\d$/.test(name)) names.push(name.slice(0, -4));
  }
  return [...new Set(names)];
}

/** What is asked for without a day, so that the newest dated entry is meant: `claude-3-5-sonnet-latest`. */
export function undated(name: string): string | undefined {
  if (name.startsWith('ft:') || DATE.test(name)) return undefined;
  return name.endsWith('-latest') ? name.slice(0, -'-latest'.length) : name;
}

/** A name without its day, and the day; `undefined` when it has none. */
export function dated(name: string): { readonly base: string; readonly day: string } | undefined {
  const found = DATE.exec(name);
  if (found === null) return undefined;
  return { base: name.slice(0, found.index), day: found[0].replace(/\D/g, '') };
}

/** Without the paths and ids that APIs wrap around a name. */
function bareName(provider: string, model: string): string {
  let name = model.trim().toLowerCase();
  if (name.startsWith('arn:')) {
    const resource = /:(?:foundation-model|inference-profile)\/(.+)$/.exec(name);
    return resource?.[1] ?? '';
  }
  const published = /(?:^|\/)publishers\/[^/]+\/models\/([^/:]+)/.exec(name);
  if (published?.[1] !== undefined) name = published[1];
  if (name.startsWith('models/')) name = name.slice('models/'.length);
  if (name.startsWith(`${provider}/`)) name = name.slice(provider.length + 1);
  const tuned = /^(ft:[^:]+):/.exec(name);
  return tuned?.[1] ?? name;
}

/** Other spellings of the same model at the same provider. */
function spellingsOf(provider: string, name: string): readonly string[] {
  switch (provider) {
    case 'bedrock': {
      // Only Anthropic's models are known to be named without their maker.
      const made = name.startsWith('claude-') ? [`anthropic.${name}-v1:0`, `anthropic.${name}`] : [];
      return REGION.test(name) ? [name.replace(REGION, '')] : made;
    }
    case 'azure':
      return name.includes('gpt-35') ? [name.replace('gpt-35', 'gpt-3.5')] : [];
    case 'vertex':
      return name.includes('@')
        ? [name.replace(/@(?:default|latest)$/, ''), name.replace(/@(20\d{6})$/, '-$1')]
        : [name.replace(/-(20\d{6})$/, '@$1')];
    case 'fireworks':
      return name.includes('/') ? [] : [`accounts/fireworks/models/${name}`];
    default:
      return [];
  }
}
