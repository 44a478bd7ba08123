import type { ComponentProps } from 'react';
import { cx } from './class-names.js';
import type { IconName } from './icon.js';
import { Icon } from './icon.js';

type Look = 'plain' | 'quiet' | 'primary';

const LOOKS: Readonly<Record<Look, string>> = {
  plain: 'border border-line bg-surface text-ink hover:bg-sunken',
  quiet: 'border border-transparent text-soft hover:bg-sunken hover:text-ink',
  primary: 'border border-transparent bg-accent text-on-accent hover:opacity-90',
};

/** A button of one line; `look` says how much it asks for attention. */
export function Button({ look = 'plain', className, ...rest }: ComponentProps<'button'> & { look?: Look }) {
  return (
    <button
      type="button"
      className={cx(
        'inline-flex h-8 items-center justify-center gap-1.5 rounded-md px-2.5 text-[13px] font-medium whitespace-nowrap disabled:opacity-50',
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  );
}

/** A button that shows only an icon; the label is its name and its tooltip. */
export function IconButton({
  icon,
  label,
  look = 'quiet',
  className,
  ...rest
}: Omit<ComponentProps<'button'>, 'children' | 'title'> & { icon: IconName; label: string; look?: Look }) {
  return (
    <Button look={look} aria-label={label} title={label} className={cx('w-8 px-0!', className)} {...rest}>
      <Icon name={icon} />
    </Button>
  );
}
