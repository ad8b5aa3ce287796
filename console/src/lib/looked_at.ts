// Whether somebody looks at this page. One that was put aside for a moment still counts: who
// switches between two windows keeps both.
import { signal } from '@preact/signals';

const GRACE = 10_000;

export const lookedAt = signal(true);

export function startLooking(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    clearTimeout(timer);
    if (!document.hidden) lookedAt.value = true;
    else timer = setTimeout(() => (lookedAt.value = false), GRACE);
  };
  lookedAt.value = !document.hidden;
  document.addEventListener('visibilitychange', look);
}
