// What happened while somebody watched: restarts and audited actions, newest first.
import { signal } from '@preact/signals';
import type { Audited, Restart } from '../api/types';

// What a page shows at most; older ones are a request away.
const KEPT = 200;

export const restarts = signal<readonly Restart[]>([]);
export const actions = signal<readonly Audited[]>([]);
/** The restart a toast tells of, until it is dismissed or replaced. */
export const latestRestart = signal<Restart | null>(null);

const newest = (a: { at: string }, b: { at: string }): number => b.at.localeCompare(a.at);

/** What was known and what came, each once: the list and the feed may tell the same. */
export function merge<T extends { at: string }>(
  known: readonly T[],
  came: readonly T[],
  key: (one: T) => string | number,
): T[] {
  const all = new Map([...came, ...known].map((one) => [key(one), one]));
  return [...all.values()].sort(newest).slice(0, KEPT);
}

export const addRestarts = (came: readonly Restart[]): void => {
  // Their numbers begin anew with the process, so the time is part of the key.
  restarts.value = merge(restarts.value, came, (one) => `${one.n} ${one.at}`);
};

export const addActions = (came: readonly Audited[]): void => {
  actions.value = merge(actions.value, came, (one) => one.id);
};

export function tellRestart(one: Restart): void {
  addRestarts([one]);
  latestRestart.value = one;
}

export const tellAction = (one: Audited): void => addActions([one]);
