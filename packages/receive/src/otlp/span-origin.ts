import type { Attributes, SpanOrigin } from '@vedetta/model';

/** Name of a service that sends none, as the OpenTelemetry resource conventions ask for. */
const UNKNOWN_SERVICE = 'unknown_service';

/** The origin that all spans of one scope share. */
export function createOrigin(resource: Attributes, scopeName: string, scopeVersion: string): SpanOrigin {
  const service = resource['service.name'];
  return {
    serviceName: typeof service === 'string' && service !== '' ? service : UNKNOWN_SERVICE,
    resource,
    scopeName,
    scopeVersion,
  };
}
