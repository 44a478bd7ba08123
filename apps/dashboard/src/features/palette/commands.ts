import type { useNavigate } from '@tanstack/react-router';
import type { useLive } from '../../api/live.js';
import { PAGES } from '../../app/pages.js';
import type { Search } from '../../url/search.js';
import { keepScope } from '../../url/search.js';
import { RANGE_PRESETS } from '../../url/time-range.js';
import type { SearchChange } from '../../url/use-search.js';
import { openOverlay } from '../keyboard/overlay.js';
import { setTheme } from '../theme/theme.js';

export interface Command {
  readonly group: string;
  readonly label: string;
  readonly run: () => void;
}

type Navigate = ReturnType<typeof useNavigate>;

/** Everything the palette offers before anything is typed. */
export function buildCommands(context: {
  navigate: Navigate;
  search: Search;
  change: (change: SearchChange) => void;
  live: ReturnType<typeof useLive>;
}): readonly Command[] {
  const { navigate, search, change, live } = context;
  return [
    ...PAGES.filter((page) => page.icon !== undefined).map((page) => ({
      group: 'Page',
      label: page.title,
      run: () => void navigate({ to: page.path, search: keepScope(search) } as never),
    })),
    {
      group: 'Live',
      label: live.paused ? 'Resume live updates' : 'Pause live updates',
      run: () => live.setPaused(!live.paused),
    },
    ...RANGE_PRESETS.map((preset) => ({
      group: 'Range',
      label: preset.label,
      run: () => change({ range: preset.value, from: undefined, to: undefined }),
    })),
    ...(['light', 'dark', 'system'] as const).map((theme) => ({
      group: 'Theme',
      label: `Theme: ${theme}`,
      run: () => setTheme(theme),
    })),
    { group: 'Filter', label: 'Clear the filter', run: () => change({ q: undefined }) },
    { group: 'Help', label: 'Keys and filters', run: () => openOverlay('help') },
  ];
}

/** Commands that contain every typed word, then what can be done with the text itself. */
export function matchCommands(
  commands: readonly Command[],
  text: string,
  context: { navigate: Navigate; search: Search },
): readonly Command[] {
  const typed = text.trim();
  if (typed === '') return commands;
  const words = typed.toLowerCase().split(/\s+/);
  const matching = commands.filter((command) => {
    const haystack = `${command.group} ${command.label}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
  const { navigate, search } = context;
  return [
    ...matching,
    {
      group: 'Filter',
      label: `Requests that match: ${typed}`,
      run: () => void navigate({ to: '/requests', search: { ...keepScope(search), q: typed } } as never),
    },
    {
      group: 'Open',
      label: `Request with the id ${typed}`,
      run: () => void navigate({ to: '/requests/$requestId', params: { requestId: typed } } as never),
    },
  ];
}
