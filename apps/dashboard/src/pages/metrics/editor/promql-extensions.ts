import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
  currentCompletions,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { linter, lintKeymap } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { LanguageType, newCompleteStrategy, promQLLanguage } from '@prometheus-io/codemirror-promql';
import type { createCompletionClient } from './completion-client.js';
import { editorHighlights, editorTheme } from './editor-theme.js';
import { findFault } from './find-fault.js';

const LINT_DELAY_MS = 300;

/** What makes an editor one of PromQL: language, completion, marks of faults, keys and looks. */
export function promqlExtensions(options: {
  readonly label: () => string;
  readonly client: ReturnType<typeof createCompletionClient>;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
  readonly onCancel: () => boolean;
}): Extension {
  const language = promQLLanguage(LanguageType.PromQL);
  const completion = newCompleteStrategy({ remote: options.client });
  const run = (view: EditorView) => {
    // Offers for what is asked already would stand over the answer.
    closeCompletion(view);
    options.onRun();
    return true;
  };
  // What is offered is taken first. For a moment after it opens the list takes no key, lest somebody takes what they have not seen;
  // the query is not run in its stead, since it is not whole.
  const accept = (view: EditorView) => {
    const offered = currentCompletions(view.state).length > 0;
    if (offered) acceptCompletion(view);
    return offered;
  };
  return [
    language,
    language.data.of({ autocomplete: completion.promQL.bind(completion) }),
    autocompletion({ icons: true, closeOnBlur: true }),
    linter((view) => toDiagnostics(view.state.doc.toString()), { delay: LINT_DELAY_MS }),
    history(),
    bracketMatching(),
    closeBrackets(),
    syntaxHighlighting(editorHighlights),
    editorTheme,
    EditorView.lineWrapping,
    placeholder('PromQL, such as rate(http_requests_total[5m])'),
    EditorView.contentAttributes.of(() => ({ 'aria-label': options.label(), spellcheck: 'false' })),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onChange(update.state.doc.toString());
    }),
    Prec.highest(
      keymap.of([
        { key: 'Mod-Enter', run },
        { key: 'Shift-Enter', run: insertNewlineAndIndent },
        { key: 'Enter', run: (view) => accept(view) || run(view) },
      ]),
    ),
    // What is offered is closed first.
    Prec.high(
      keymap.of([{ key: 'Escape', run: (view) => completionStatus(view.state) === null && options.onCancel() }]),
    ),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
  ];
}

function toDiagnostics(query: string) {
  const fault = findFault(query);
  return fault === undefined ? [] : [{ ...fault, severity: 'error' as const }];
}
