import type { RawSpan, VedettaSpanKind } from '@vedetta/model';
import { readUnits, VEDETTA_ATTRIBUTES, VEDETTA_SPAN_KINDS } from '@vedetta/model';
import type { Draft } from './draft.js';
import type { Rule } from './rule.js';
import { toCount, toLabel, toNumber, toText, toTexts } from './values.js';

const KINDS: ReadonlySet<string> = new Set(VEDETTA_SPAN_KINDS);

/** Names of attributes by those of units: made once, so that they are found at once. */
const UNIT_ATTRIBUTES = new Map<string, string>();

function unitAttribute(name: string): string {
  let attribute = UNIT_ATTRIBUTES.get(name);
  if (attribute === undefined) {
    attribute = VEDETTA_ATTRIBUTES.unitsPrefix + name;
    UNIT_ATTRIBUTES.set(name, attribute);
  }
  return attribute;
}

/** What Vedetta's own SDK states: `vedetta.*`. */
export const vedettaRule: Rule = {
  name: 'vedetta',
  keys: ['vedetta.'],
  apply(span, draft) {
    const { attributes } = span;
    const names = VEDETTA_ATTRIBUTES;
    const kind = toText(attributes[names.spanKind]);
    if (kind !== undefined && KINDS.has(kind)) draft.fact('vedettaKind', kind as VedettaSpanKind);
    draft.fact('requestId', toLabel(attributes[names.requestId]));
    draft.fact('currentPhase', toText(attributes[names.currentPhase]));
    draft.fact('modality', toText(attributes[names.modality]));
    draft.fact('tags', toTexts(attributes[names.tags]));
    draft.fact('requestSizeBytes', toCount(attributes[names.requestSizeBytes]));
    draft.fact('responseSizeBytes', toCount(attributes[names.responseSizeBytes]));
    draft.fact('customData', toText(attributes[names.customData]));
    draft.fact('data', toText(attributes[names.data]));
    draft.fact('errorMessage', toText(attributes[names.errorMessage]));
    const source = attributes[names.usageSource];
    if (source === 'estimated' || source === 'supplied') draft.usageSource = source;
    const [input, output] = [
      toCount(attributes[names.suppliedInputTokens]),
      toCount(attributes[names.suppliedOutputTokens]),
    ];
    if (input !== undefined || output !== undefined) {
      draft.supplied = {
        ...(input === undefined ? {} : { inputTokens: input }),
        ...(output === undefined ? {} : { outputTokens: output }),
      };
    }
    // Phases and events are the most of what comes, and no calls.
    if (kind === undefined || kind === 'request') draft.bill(readUnits((name) => attributes[unitAttribute(name)]));
    const state = attributes[names.state];
    if (state === 'timeout' || state === 'cancelled') draft.fact('state', state);
    if (kind === 'score') stateScore(span, draft);
  },
};

function stateScore({ attributes, name }: RawSpan, draft: Draft): void {
  const value = toNumber(attributes[VEDETTA_ATTRIBUTES.scoreValue]);
  const label = toLabel(attributes[VEDETTA_ATTRIBUTES.scoreLabel]);
  const comment = toText(attributes[VEDETTA_ATTRIBUTES.scoreComment]);
  draft.fact('score', {
    name: toText(attributes[VEDETTA_ATTRIBUTES.scoreName]) ?? name,
    ...(value === undefined ? {} : { value }),
    ...(label === undefined ? {} : { label }),
    ...(comment === undefined ? {} : { comment }),
  });
}
