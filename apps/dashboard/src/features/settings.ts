type Setting = 'sidebar' | 'theme' | 'panel-width';

/** A choice kept in this browser; `undefined` when there is none or storage is forbidden. */
export function readSetting(name: Setting): string | undefined {
  try {
    return localStorage.getItem(`vedetta.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a choice in this browser; where storage is forbidden it lasts as long as the page. */
export function writeSetting(name: Setting, value: string): void {
  try {
    localStorage.setItem(`vedetta.${name}`, value);
  } catch {
    // The choice works without being kept.
  }
}
