/** Queries that follow what happens, until one wants to read in peace. */

import { useState } from "react";

export interface Live {
  paused: boolean;
  toggle: () => void;
  /** For a query: `{ ...query, ...live.options }`. A hidden tab asks nothing. */
  options: { refetchInterval: number | false; refetchIntervalInBackground: false };
}

/** Ask again so often. */
export function useLive(milliseconds: number, startPaused = false): Live {
  const [paused, setPaused] = useState(startPaused);
  return {
    paused,
    toggle: () => setPaused((before) => !before),
    options: { refetchInterval: paused ? false : milliseconds, refetchIntervalInBackground: false },
  };
}
