import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useQueryClient } from '@tanstack/react-query';
import type { Ref } from 'react';
import { useEffect, useImperativeHandle, useRef } from 'react';
import { createCompletionClient } from './completion-client.js';
import { promqlExtensions } from './promql-extensions.js';

/** What others may do with an editor. */
export interface EditorHandle {
  /** Puts a text where the cursor is, instead of what is selected, and gives the editor the focus. */
  readonly insert: (text: string) => void;
  readonly focus: () => void;
}

/**
 * A text field for PromQL. It stands in a shadow root: there its style sheets are adopted as objects, which the page's content
 * security policy allows, while style elements in the page are refused.
 */
export function PromqlEditor(props: {
  value: string;
  label: string;
  onChange: (text: string) => void;
  onRun: () => void;
  /** False when nothing was running. */
  onCancel: () => boolean;
  onFocus: () => void;
  ref: Ref<EditorHandle>;
}) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const queries = useQueryClient();

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    // A root stays with its element when the effect runs again.
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const extensions = promqlExtensions({
      label: () => latest.current.label,
      client: createCompletionClient(queries),
      onChange: (text) => latest.current.onChange(text),
      onRun: () => latest.current.onRun(),
      onCancel: () => latest.current.onCancel(),
    });
    const state = EditorState.create({ doc: latest.current.value, extensions });
    const built = new EditorView({ state, parent: root, root });
    view.current = built;
    // From outside of the root a key looks as if it were pressed beside a text field: single letters are commands there.
    const keep = (event: KeyboardEvent) => {
      if (!((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k')) event.stopPropagation();
    };
    // What gives the focus to the search box of a page gives it to the text.
    element.focus = () => built.focus();
    const focused = () => latest.current.onFocus();
    element.addEventListener('keydown', keep);
    element.addEventListener('focusin', focused);
    return () => {
      element.removeEventListener('focusin', focused);
      element.removeEventListener('keydown', keep);
      built.destroy();
      view.current = undefined;
    };
  }, [queries]);

  useEffect(() => {
    const built = view.current;
    const text = built?.state.doc.toString();
    if (built === undefined || text === props.value) return;
    built.dispatch({ changes: { from: 0, to: built.state.doc.length, insert: props.value } });
  }, [props.value]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: an update reads the label anew
  useEffect(() => view.current?.update([]), [props.label]);

  useImperativeHandle(
    props.ref,
    () => ({
      insert: (text) => {
        const built = view.current;
        if (built === undefined) return;
        built.dispatch(built.state.replaceSelection(text));
        built.focus();
      },
      focus: () => view.current?.focus(),
    }),
    [],
  );

  return (
    <div
      ref={host}
      data-search-box
      data-testid="promql-editor"
      className="min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-1.5 focus-within:outline-2 focus-within:outline-accent"
    />
  );
}
