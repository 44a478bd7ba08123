import type { Endpoint, UsageOption } from '@vedetta/providers';
import { NOT_JSON, parseJson } from '../capture/json-text.js';
import { setMembers } from './json-edit.js';

/** Only a body with this word streams: most bodies need no look at all. */
const STREAM_WORD = Buffer.from('"stream"');

/** A body that asks for usage in its client's stead. */
export interface UsageRequest {
  readonly body: Buffer;
  readonly option: UsageOption;
}

/** The body with the provider's option for usage added; `undefined` where it asks itself, streams nothing or is no JSON. */
export function askForUsage(endpoint: Endpoint, body: Buffer): UsageRequest | undefined {
  if (endpoint.usageOption === undefined || !body.includes(STREAM_WORD)) return undefined;
  const value = parseJson(body.toString('utf8'));
  if (value === NOT_JSON) return undefined;
  const option = endpoint.usageOption(value);
  if (option === undefined) return undefined;
  const changed = setMembers(body, option.members);
  return changed === undefined ? undefined : { body: changed, option };
}
