import type { Availability, Upstream } from '@vedetta/client';
import { cx } from '../../ui/class-names.js';

const LOOKS: Readonly<Record<Availability | Upstream['state'], string>> = {
  available: 'bg-good-soft text-good',
  reachable: 'bg-good-soft text-good',
  unavailable: 'bg-bad-soft text-bad',
  unreachable: 'bg-bad-soft text-bad',
  unknown: 'bg-sunken text-soft',
  unchecked: 'bg-sunken text-soft',
};

/** Whether something answers, by word and colour. */
export function AvailabilityBadge({ state }: { state: Availability | Upstream['state'] }) {
  return <span className={cx('rounded px-1.5 py-px text-xs font-medium', LOOKS[state])}>{state}</span>;
}
