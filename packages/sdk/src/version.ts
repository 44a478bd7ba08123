/** Version of the package, as it introduces itself in `telemetry.sdk.version`. */
export const SDK_VERSION = '0.1.0';
