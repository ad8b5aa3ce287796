// How long to wait before another try: doubling, bounded, and spread, so that the consoles of a
// whole office do not come back in the same instant. Pure; `chance` is in [0, 1).
const FIRST = 500;
const MOST = 10_000;

export const backoff = (failures: number, chance: number): number =>
  Math.min(MOST, FIRST * 2 ** Math.max(0, failures - 1)) * (0.75 + chance / 2);
