import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useUrlState } from '../../url/use-search.js';
import { Palette } from '../palette/palette.js';
import { neighbourOf } from '../row-list/row-list.js';
import { focusRow, focusSearch } from './focus.js';
import { Help } from './help.js';
import { openOverlay, useOverlay } from './overlay.js';

/** The keys that work on every page; they are listed in `help.tsx`. */
export function Keyboard() {
  const overlay = useOverlay();
  const [{ open }, change] = useUrlState();
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openOverlay('palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || overlay !== undefined || isTyping(event.target)) return;
      switch (event.key) {
        case 'j':
        case 'k': {
          const step = event.key === 'j' ? 1 : -1;
          if (open === undefined) focusRow(step);
          else {
            const next = neighbourOf(open, step);
            if (next !== undefined) change({ open: next, span: undefined }, { replace: true });
          }
          break;
        }
        case 'Escape':
          if (open === undefined) return;
          change({ open: undefined, tab: undefined, span: undefined });
          break;
        case '/':
          if (!focusSearch()) void navigate({ to: '/requests', search: true } as never);
          break;
        case '?':
          openOverlay('help');
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [overlay, open, change, navigate]);
  const close = () => openOverlay(undefined);
  if (overlay === 'palette') return <Palette onClose={close} />;
  if (overlay === 'help') return <Help onClose={close} />;
  return null;
}

/** True where a letter is text. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
