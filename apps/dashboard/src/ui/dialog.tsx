import type { ReactNode } from 'react';
import { useEffect, useId, useRef } from 'react';
import { IconButton } from './button.js';

/** A modal dialog; the browser keeps the focus inside and closes it with Esc; the focus goes back to where it was. */
export function Dialog(props: { title: string; onClose: () => void; children: ReactNode; hideTitle?: boolean }) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    if (ref.current?.open === false) ref.current.showModal();
    // A dialog that is taken out of the page while open does not give the focus back by itself.
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a dialog by itself; the click is on the ground behind it
    <dialog
      ref={ref}
      aria-labelledby={id}
      onClose={props.onClose}
      onClick={(event) => event.target === ref.current && props.onClose()}
      className="m-auto mt-[12vh] w-[min(36rem,calc(100vw-2rem))] rounded-lg border border-line bg-surface p-0 text-ink shadow-2xl backdrop:bg-black/40"
    >
      <div className="flex flex-col">
        <header className={props.hideTitle === true ? 'sr-only' : 'flex items-center justify-between px-4 pt-3'}>
          <h2 id={id} className="font-semibold">
            {props.title}
          </h2>
          {props.hideTitle !== true && <IconButton icon="close" label="Close" onClick={props.onClose} />}
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
