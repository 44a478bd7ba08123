import { LongText } from './long-text.js';

/** A value as indented JSON. */
export function JsonText({ value }: { value: unknown }) {
  return (
    <div className="font-mono text-xs">
      <LongText text={JSON.stringify(value, null, 2) ?? 'undefined'} />
    </div>
  );
}
