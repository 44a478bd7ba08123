import type { RefObject } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { PanelSize } from './panel-size.js';

/** An element with its inner size as it is now, and whether it is in sight or near to it. */
export function useBox<T extends HTMLElement>(): {
  readonly ref: RefObject<T | null>;
  readonly size: PanelSize;
  readonly inSight: boolean;
} {
  const ref = useRef<T>(null);
  const [size, setSize] = useState<PanelSize>({ width: 0, height: 0 });
  const [inSight, setInSight] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const resize = new ResizeObserver(measure);
    resize.observe(element);
    const sight = new IntersectionObserver((entries) => setInSight(entries.some((entry) => entry.isIntersecting)), {
      rootMargin: '300px',
    });
    sight.observe(element);
    return () => {
      resize.disconnect();
      sight.disconnect();
    };
  }, []);
  return { ref, size, inSight };
}
