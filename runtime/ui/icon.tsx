import type { JSX } from "react";

/** Drawn on a 16 × 16 grid with a line of 1.5; every state has its own outline, so that it is told apart without colour. */
const drawings = {
  done: "M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 1 0 0-12.5M5 8.2l2.1 2.1L11 6.2",
  running: "M13.9 6a6.25 6.25 0 1 0 .2 3.4M14.4 2.2v3.9h-3.9",
  waiting: "M4 1.75h8M4 14.25h8M4.75 1.75c0 3.6 2.2 4.6 3.25 6.25c1.05-1.65 3.25-2.65 3.25-6.25M4.75 14.25c0-3.6 2.2-4.6 3.25-6.25c1.05 1.65 3.25 2.65 3.25 6.25",
  attention: "M8 1.9L1.6 13.6h12.8zM8 6v3.6M8 11.6v.1",
  failed: "M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4zM5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6",
  off: "M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 1 0 0-12.5M5 8h6",
  meter: "M8 1.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M5 5.4h6v2.4H5zM5.5 12v2.5M10.5 12v2.5",
  program: "M3.5 1.75h6l3 3v9.5h-9zM9.25 1.75v3.25h3.25M5.75 8h4.5M5.75 10.75h4.5",
  library: "M2.25 2.25h2.75v11.5H2.25zM6.25 2.25h2.75v11.5H6.25zM10.4 3.1l2.3-.75l3.05 10.6l-2.3.75zM2.25 5h2.75M6.25 11h2.75",
  device: "M4.25 4.25h7.5v7.5h-7.5zM6.5 4.25v-2.5M9.5 4.25v-2.5M6.5 14.25v-2.5M9.5 14.25v-2.5M4.25 6.5h-2.5M4.25 9.5h-2.5M14.25 6.5h-2.5M14.25 9.5h-2.5",
  network: "M8 7.25a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0-3M8 10.25v4M4.8 12a4.5 4.5 0 1 1 6.4 0M2.6 13.9a7.2 7.2 0 1 1 10.8 0",
  session: "M1.75 8h3l1.75-4.5l3 9L11.25 8h3",
  person: "M8 1.75a3 3 0 1 0 0 6a3 3 0 1 0 0-6M2.25 14.25c0-3 2.6-4.5 5.75-4.5s5.75 1.5 5.75 4.5",
  search: "M7 2.25a4.75 4.75 0 1 0 0 9.5a4.75 4.75 0 1 0 0-9.5M10.5 10.5l3.75 3.75",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  copied: "M2.75 8.5l3.5 3.5l7-7.5",
  light: "M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3.05 3.05l1.06 1.06M11.9 11.9l1.05 1.05M12.95 3.05l-1.06 1.06M4.1 11.9l-1.05 1.05",
  dark: "M13.4 9.7A5.9 5.9 0 0 1 6.3 2.6a5.9 5.9 0 1 0 7.1 7.1z",
  auto: "M1.75 2.75h12.5v8.5H1.75zM5.5 14h5M8 11.25V14",
  close: "M4 4l8 8M12 4l-8 8",
  help: "M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 1 0 0-12.5M6.1 6.2a1.9 1.9 0 1 1 2.7 1.9c-.6.3-.8.7-.8 1.3M8 11.4v.1",
  leave: "M6.5 2.25H2.75v11.5H6.5M10.5 4.75L13.75 8L10.5 11.25M13.5 8H6",
  ascending: "M8 13V3.5M4.5 7L8 3.5L11.5 7",
  descending: "M8 3v9.5M4.5 9L8 12.5L11.5 9",
  onward: "M6 3.5L10.5 8L6 12.5",
} as const;

export type IconName = keyof typeof drawings;

/** An icon of ours in the colour of the text around it. Always beside a word, or inside a control that has a label. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={drawings[name]} />
    </svg>
  );
}
