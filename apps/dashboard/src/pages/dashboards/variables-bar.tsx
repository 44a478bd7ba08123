import { useCallback, useId, useState } from 'react';
import { ALL } from '../../grafana/parse-variables.js';
import type { VariableState } from '../../grafana/variable-options.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { Popover } from '../../ui/popover.js';
import { VALUE_END } from '../../url/search.js';
import { useUrlState } from '../../url/use-search.js';

/** More options than these are found by typing. */
const SHOWN_OPTIONS = 100;
const FIELD = 'h-8 max-w-56 rounded-md border border-line-strong bg-surface px-2 text-[13px]';

/** What can be chosen for a whole dashboard. */
export function VariablesBar({ variables }: { variables: readonly VariableState[] }) {
  const [, change] = useUrlState();
  const shown = variables.filter(({ variable, options }) => {
    // With one source of data there is nothing to choose.
    if (variable.kind === 'datasource' && options.length < 2) return false;
    return variable.hide !== 'all';
  });
  if (shown.length === 0) return null;
  const choose = (name: string, values: readonly string[]) =>
    change({ [`var-${name}`]: values.join(VALUE_END) }, { replace: true });
  return (
    <div role="group" aria-label="Variables" className="flex flex-wrap items-center gap-x-3 gap-y-2">
      {shown.map((state) => (
        <VariableField
          key={state.variable.name}
          state={state}
          onChoose={(values) => choose(state.variable.name, values)}
        />
      ))}
    </div>
  );
}

function VariableField({ state, onChoose }: { state: VariableState; onChoose: (values: readonly string[]) => void }) {
  const { variable, options, chosen, fault } = state;
  const id = useId();
  return (
    <div className="flex items-center gap-1.5 text-[13px]" data-variable={variable.name}>
      {variable.hide === 'none' && (
        <label htmlFor={id} className="foreign text-soft">
          {variable.label}
        </label>
      )}
      {variable.kind === 'textbox' ? (
        <TextField id={id} label={variable.label} value={chosen[0] ?? ''} onChange={(value) => onChoose([value])} />
      ) : variable.multi ? (
        <ManyField id={id} state={state} onChoose={onChoose} />
      ) : (
        <select
          id={id}
          aria-label={variable.label}
          className={FIELD}
          value={chosen[0] ?? ''}
          onChange={(event) => onChoose([event.target.value])}
        >
          {variable.includeAll && <option value={ALL}>All</option>}
          {options.map(({ text, value }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
      {fault !== '' && (
        <span className="foreign max-w-64 truncate text-xs text-warn" title={fault}>
          {fault}
        </span>
      )}
    </div>
  );
}

function TextField(props: { id: string; label: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(props.value);
  const give = () => text !== props.value && props.onChange(text);
  return (
    <input
      id={props.id}
      aria-label={props.label}
      className={FIELD}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={give}
      onKeyDown={(event) => event.key === 'Enter' && give()}
    />
  );
}

function ManyField({
  id,
  state,
  onChoose,
}: {
  id: string;
  state: VariableState;
  onChoose: (values: readonly string[]) => void;
}) {
  const { variable, options, chosen } = state;
  const [open, setOpen] = useState(false);
  const [find, setFind] = useState('');
  const close = useCallback(() => setOpen(false), []);
  const all = chosen.includes(ALL);
  const matching = options.filter(({ text }) => text.toLowerCase().includes(find.toLowerCase()));
  const toggle = (value: string) => {
    const before = all ? [] : chosen;
    const next = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
    onChoose(next.length === 0 && variable.includeAll ? [ALL] : next);
  };
  const label = all
    ? 'All'
    : chosen.length === 0
      ? 'None'
      : chosen.length > 2
        ? `${chosen.length} chosen`
        : chosen.join(', ');
  return (
    <Popover
      open={open}
      onClose={close}
      align="left"
      opener={
        <Button
          id={id}
          aria-haspopup="dialog"
          aria-expanded={open}
          aria-label={`${variable.label}: ${label}`}
          onClick={() => setOpen(!open)}
        >
          <span className="foreign max-w-44 truncate">{label}</span>
          <Icon name="down" size={12} />
        </Button>
      }
    >
      <div role="dialog" aria-label={variable.label} className="flex w-60 flex-col gap-2 text-[13px]">
        {options.length > 8 && (
          <input
            aria-label="Find"
            placeholder="Find"
            className={FIELD}
            value={find}
            onChange={(event) => setFind(event.target.value)}
          />
        )}
        <div className="flex max-h-64 flex-col overflow-y-auto">
          {variable.includeAll && (
            <Check
              label="All"
              checked={all}
              onChange={() => onChoose(all && options[0] !== undefined ? [options[0].value] : [ALL])}
            />
          )}
          {matching.slice(0, SHOWN_OPTIONS).map(({ text, value }) => (
            <Check key={value} label={text} checked={all || chosen.includes(value)} onChange={() => toggle(value)} />
          ))}
          {matching.length > SHOWN_OPTIONS && (
            <p className="p-1 text-xs text-soft">{matching.length - SHOWN_OPTIONS} more: type to find them</p>
          )}
          {options.length === 0 && <p className="p-1 text-xs text-soft">There is nothing to choose yet.</p>}
        </div>
      </div>
    </Popover>
  );
}

function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange: () => void }) {
  return (
    <label className="flex items-center gap-2 rounded px-1 py-1 hover:bg-sunken">
      <input type="checkbox" checked={checked} onChange={onChange} />
      <span className="foreign">{label}</span>
    </label>
  );
}
