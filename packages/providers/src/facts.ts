import type { AttributeValue, BilledUnits, Message, MessagePart } from '@vedetta/model';
import type { RequestFacts } from './provider.js';

/** Facts of a request, any of which may be unknown. */
export interface RequestDraft {
  readonly model?: string | undefined;
  readonly stream?: boolean | undefined;
  readonly parameters?: { readonly [name: string]: AttributeValue } | undefined;
  readonly inputMessages?: readonly Message[] | undefined;
  readonly systemInstructions?: readonly MessagePart[] | undefined;
  readonly toolDefinitions?: readonly AttributeValue[] | undefined;
  readonly inputCount?: number | undefined;
  readonly units?: BilledUnits | undefined;
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
}

/** The facts that are known: unknown ones and empty lists are left out. */
export function requestFacts(draft: RequestDraft): RequestFacts {
  const { parameters } = draft;
  return known({
    ...draft,
    parameters: parameters !== undefined && Object.keys(parameters).length > 0 ? parameters : undefined,
  });
}

/** An object without the members that are `undefined` or empty lists. */
export function known<T extends object>(draft: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const facts: { [name: string]: unknown } = {};
  for (const [name, value] of Object.entries(draft)) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    facts[name] = value;
  }
  return facts as { [K in keyof T]: Exclude<T[K], undefined> };
}
