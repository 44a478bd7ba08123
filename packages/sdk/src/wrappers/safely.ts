/** Runs a part of the recording: whatever goes wrong in it is no business of the call's. */
export function safely<T>(record: () => T): T | undefined {
  try {
    return record();
  } catch {
    return undefined;
  }
}
