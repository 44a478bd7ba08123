import { openOverlay } from '../features/keyboard/overlay.js';
import { LiveToggle } from '../features/live-toggle.js';
import { ThemeToggle } from '../features/theme/theme-toggle.js';
import { TimePicker } from '../features/time-picker/time-picker.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Kbd } from '../ui/kbd.js';

/** The bar over every page: its title, the range of time, and what holds for all pages. */
export function TopBar({ title, timed }: { title: string; timed: boolean }) {
  return (
    <header className="sticky top-0 z-20 flex min-h-13 flex-wrap items-center gap-2 border-b border-line bg-ground/95 px-3 py-2 backdrop-blur md:px-5">
      <h1 className="mr-auto text-base font-semibold">{title}</h1>
      {timed && <TimePicker />}
      <LiveToggle />
      <Button
        look="quiet"
        onClick={() => openOverlay('palette')}
        aria-label="Search and commands, Ctrl K"
        title="Search and commands"
      >
        <Icon name="search" />
        <span className="hidden lg:inline">
          <Kbd>Ctrl K</Kbd>
        </span>
      </Button>
      <ThemeToggle />
    </header>
  );
}
