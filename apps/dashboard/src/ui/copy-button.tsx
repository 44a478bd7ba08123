import { useEffect, useState } from 'react';
import { Button } from './button.js';
import { Icon } from './icon.js';

/** Copies a text; says so for two seconds, also to screen readers. Without permission the text is shown to copy by hand. */
export function CopyButton({ text, label, compact = false }: { text: string; label: string; compact?: boolean }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    // `clipboard` is missing on pages served without TLS from another host.
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => setState('copied'),
      () => setState('refused'),
    );
  };
  const word = state === 'copied' ? 'Copied' : state === 'refused' ? 'Not permitted' : label;
  return (
    <Button
      look={compact ? 'quiet' : 'plain'}
      onClick={copy}
      title={label}
      {...(compact && { 'aria-label': word })}
      className={compact ? 'h-6! px-1!' : ''}
    >
      <Icon name={state === 'copied' ? 'check' : 'copy'} size={compact ? 13 : 14} />
      {compact ? (
        <span className="sr-only" role="status">
          {state === 'idle' ? '' : word}
        </span>
      ) : (
        <span aria-live="polite">{word}</span>
      )}
    </Button>
  );
}
