/** Outlines on a 16 by 16 grid, drawn with the colour of the text. */
const PATHS = {
  overview: 'M2 9h4v5H2zM10 2h4v12h-4zM6 5h4v9H6z',
  requests: 'M2 3.5h12M2 8h12M2 12.5h8',
  errors: 'M8 2l6.5 11.5h-13zM8 6.5v3.2M8 11.6v.2',
  models: 'M8 1.5l5.6 3.2v6.6L8 14.5l-5.6-3.2V4.7zM2.4 4.7L8 8l5.6-3.3M8 8v6.5',
  thumbUp:
    'M2 7.5h2.5V14H2zM4.5 7.5L7.5 2c1.2 0 1.8.9 1.5 2.2L8.5 6.5h4.3c.8 0 1.3.7 1.1 1.5l-1.2 4.9c-.1.7-.7 1.1-1.4 1.1H4.5',
  thumbDown:
    'M2 8.5h2.5V2H2zM4.5 8.5L7.5 14c1.2 0 1.8-.9 1.5-2.2L8.5 9.5h4.3c.8 0 1.3-.7 1.1-1.5l-1.2-4.9C12.6 2.4 12 2 11.3 2H4.5',
  metrics: 'M2 2v12h12M4.5 10.5l3-4 2.5 2 4-5',
  system: 'M4.5 4.5h7v7h-7zM6 2v2.5M10 2v2.5M6 11.5V14M10 11.5V14M2 6h2.5M2 10h2.5M11.5 6H14M11.5 10H14',
  plus: 'M8 3v10M3 8h10',
  refresh: 'M13.5 8a5.5 5.5 0 11-1.7-4M12 1.5V4.2H9.3',
  status: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  search: 'M7 12A5 5 0 107 2a5 5 0 000 10zM10.7 10.7L14 14',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  check: 'M2.5 8.5l3.5 3.5 7.5-8',
  pause: 'M5 3v10M11 3v10',
  play: 'M4.5 2.5v11l9-5.5z',
  sun: 'M8 11a3 3 0 100-6 3 3 0 000 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.5 9.8A6 6 0 016.2 2.5 6 6 0 1013.5 9.8z',
  screen: 'M2 3h12v8H2zM6 14h4M8 11v3',
  clock: 'M8 14.5a6.5 6.5 0 100-13 6.5 6.5 0 000 13zM8 4.5V8l2.5 1.5',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  left: 'M10 4L6 8l4 4',
  up: 'M4 10l4-4 4 4',
  expand: 'M9.5 2.5h4v4M13.5 2.5l-5 5M6.5 13.5h-4v-4M2.5 13.5l5-5',
  sidebar: 'M2 2.5h12v11H2zM6 2.5v11',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.1M6.6 6.5h.1M9.2 6.5h.1M11.9 6.5h.1M4.5 9.5h7',
  filter: 'M2 3h12l-4.5 5.5V13l-3-1.5v-3z',
  dashboards: 'M2 2.5h5v6H2zM9 2.5h5v3.5H9zM2 10.5h5v3H2zM9 8h5v5.5H9z',
  more: 'M8 3.2v.1M8 8v.1M8 12.7v.1',
  edit: 'M3 13l.6-2.8 7.3-7.3 2.2 2.2-7.3 7.3z',
  trash: 'M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.7 9h5.6l.7-9',
  move: 'M8 2v12M2 8h12M6 4l2-2 2 2M6 12l2 2 2-2M4 6L2 8l2 2M12 6l2 2-2 2',
  upload: 'M8 10.5v-8M5 5.5l3-3 3 3M2.5 10.5v3h11v-3',
  download: 'M8 2.5v8M5 7.5l3 3 3-3M2.5 10.5v3h11v-3',
  minus: 'M3 8h10',
  zoomOut: 'M7 12A5 5 0 107 2a5 5 0 000 10zM10.7 10.7L14 14M4.8 7h4.4',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: what it stands for is said by the text or label beside it. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
