/** The part of the process environment that the SDK knows. `undefined` where a variable is unset or empty. */
export interface SdkEnvironment {
  readonly endpoint: string | undefined;
  /** Base URL for any OTLP exporter: what listens there need not be Vedetta. */
  readonly otlpEndpoint: string | undefined;
  readonly otlpHeaders: string | undefined;
  readonly apiKey: string | undefined;
  readonly serviceName: string | undefined;
  /** `VEDETTA_DISABLED=true`: record nothing. */
  readonly disabled: boolean;
}

/** Reads the environment. No other file of the SDK does. */
export function readEnvironment(env: { readonly [name: string]: string | undefined } = process.env): SdkEnvironment {
  const read = (name: string) => env[name]?.trim() || undefined;
  return {
    endpoint: read('VEDETTA_ENDPOINT'),
    otlpEndpoint: read('OTEL_EXPORTER_OTLP_ENDPOINT'),
    otlpHeaders: read('OTEL_EXPORTER_OTLP_HEADERS'),
    apiKey: read('VEDETTA_API_KEY'),
    serviceName: read('VEDETTA_SERVICE_NAME') ?? read('OTEL_SERVICE_NAME') ?? read('npm_package_name'),
    disabled: ['1', 'true'].includes(read('VEDETTA_DISABLED') ?? ''),
  };
}
