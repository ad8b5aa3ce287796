// What happened while somebody watched: restarts and audited actions, newest first.
import { perSession } from '../api/session';
import type { Audited, Restart } from '../api/types';

// As many as the server keeps of restarts.
export const KEPT = 1_000;

export const restarts = perSession<readonly Restart[]>([]);
export const actions = perSession<readonly Audited[]>([]);
/** The restarts a toast tells of, the newest first, until it is dismissed or has been read. */
export const untold = perSession<readonly Restart[]>([]);

const life = perSession<string | null>(null);

/** What was known and what came, each once, the newest first; what came is the newer word. */
export function merge<T extends { at: string }>(
  known: readonly T[],
  came: readonly T[],
  key: (one: T) => string,
): T[] {
  const all = new Map([...known, ...came].map((one) => [key(one), one]));
  return [...all.values()].sort((a, b) => b.at.localeCompare(a.at)).slice(0, KEPT);
}

/**
 * The newest restarts, up to the first that is missing: what nobody told of is a request away, and
 * must not look as if it had not been. Where numbers begin again another life of the node ends.
 */
export function unbroken<T extends { n: number; at: string }>(all: readonly T[]): T[] {
  const sorted = [...all].sort((a, b) => b.at.localeCompare(a.at) || b.n - a.n);
  const gap = sorted.findIndex((one, i) => one.n !== sorted[0]!.n - i);
  return sorted.slice(0, gap < 0 ? sorted.length : gap);
}

export const addRestarts = (came: readonly Restart[]): void => {
  restarts.value = unbroken(merge(restarts.value, came, (one) => `${one.n} ${one.at}`));
};

export const addActions = (came: readonly Audited[]): void => {
  actions.value = merge(actions.value, came, (one) => one.id);
};

export function tellRestart(one: Restart): void {
  addRestarts([one]);
  untold.value = [one, ...untold.value].slice(0, KEPT);
}

export const tellAction = (one: Audited): void => addActions([one]);

/** Another process, and perhaps another journal: what was known of the last one is not about it. */
export function tellLife(startedAt: string | null): void {
  if (startedAt === null) return;
  if (life.value !== null && life.value !== startedAt) {
    restarts.value = [];
    actions.value = [];
    untold.value = [];
  }
  life.value = startedAt;
}
