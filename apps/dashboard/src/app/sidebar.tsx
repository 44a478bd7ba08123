import { Link } from '@tanstack/react-router';
import type { Status } from '@vedetta/client';
import { useState } from 'react';
import { readSetting, writeSetting } from '../features/settings.js';
import { IconButton } from '../ui/button.js';
import { cx } from '../ui/class-names.js';
import { Icon } from '../ui/icon.js';
import { keepScope } from '../url/search.js';
import { useUrlState } from '../url/use-search.js';
import { PAGES } from './pages.js';

/** Navigation: a column that folds to icons, a row on narrow screens. */
export function Sidebar({ status }: { status: Status | undefined }) {
  const [search] = useUrlState();
  const [folded, setFolded] = useState(readSetting('sidebar') === 'folded');
  const fold = () => {
    writeSetting('sidebar', folded ? 'open' : 'folded');
    setFolded(!folded);
  };
  return (
    <div
      className={cx(
        'flex shrink-0 items-center gap-1 border-line bg-surface px-2 max-md:border-b md:sticky md:top-0 md:h-screen md:flex-col md:items-stretch md:border-r md:py-3',
        folded ? 'md:w-13' : 'md:w-48',
      )}
    >
      <Link
        to="/"
        search={keepScope(search) as never}
        aria-label="Vedetta, to the overview"
        className="flex items-center gap-2 p-1.5 font-semibold md:mb-3"
      >
        <img src="/favicon.svg" alt="" width={22} height={22} />
        <span className={cx('max-md:hidden', folded && 'md:hidden')}>Vedetta</span>
      </Link>
      <nav aria-label="Pages" className="flex flex-1 gap-1 overflow-x-auto md:flex-col">
        {PAGES.filter((page) => page.icon !== undefined).map((page) => (
          <Link
            key={page.path}
            to={page.path}
            search={keepScope(search) as never}
            activeOptions={{ exact: page.path === '/', includeSearch: false }}
            title={page.title}
            className="flex h-9 items-center gap-2.5 rounded-md px-2.5 max-md:gap-1.5 max-md:px-2 text-[13px] font-medium"
            activeProps={{ className: 'bg-accent-soft text-accent' }}
            inactiveProps={{ className: 'text-soft hover:bg-sunken hover:text-ink' }}
          >
            {page.icon !== undefined && (
              <span className="max-[480px]:hidden">
                <Icon name={page.icon} />
              </span>
            )}
            <span className={cx(folded && 'md:sr-only')}>{page.title}</span>
          </Link>
        ))}
      </nav>
      <div className="hidden items-center justify-between md:flex">
        {!folded && status !== undefined && <span className="px-2 text-xs text-soft">v{status.version}</span>}
        <IconButton icon="sidebar" label={folded ? 'Open the sidebar' : 'Fold the sidebar'} onClick={fold} />
      </div>
    </div>
  );
}
