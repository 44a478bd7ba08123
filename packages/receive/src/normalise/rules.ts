import { beeAiRule } from './beeai.js';
import { genAiRule } from './gen-ai.js';
import { generalRule } from './general.js';
import { googleAdkRule } from './google-adk.js';
import { koogRule } from './koog.js';
import { langfuseRule } from './langfuse.js';
import { langsmithRule } from './langsmith.js';
import { openInferenceRule } from './openinference.js';
import { openLlmetryRule } from './openllmetry.js';
import { pydanticAiRule } from './pydantic-ai.js';
import type { Rule } from './rule.js';
import { vedettaRule } from './vedetta.js';
import { vercelAiRule } from './vercel-ai.js';

/**
 * All rules, in order of precedence: for each fact the first rule that states it wins. Vedetta's own words come first, then
 * the GenAI conventions, then a framework's corrections of the dialect it writes, then the dialects, then the general
 * conventions.
 */
export const RULES: readonly Rule[] = [
  vedettaRule,
  genAiRule,
  beeAiRule,
  koogRule,
  googleAdkRule,
  vercelAiRule,
  openInferenceRule,
  openLlmetryRule,
  langfuseRule,
  langsmithRule,
  pydanticAiRule,
  generalRule,
];
