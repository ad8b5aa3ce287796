// Keeps what a page shows up to date by asking again, while the page is looked at.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { get, PATIENCE, toldOf, type Query } from '../api/client';
import { beginnings } from '../api/feed';

export interface Polled<T> {
  data: T | null;
  /** Of when the data are. */
  at: string | null;
  error: string | null;
  reload: () => void;
}

/**
 * Asks now, and `every` milliseconds after each answer (0: never again). In a window nobody looks
 * at it waits until somebody does. Returns how to end it.
 */
export function repeat(ask: (until: AbortSignal) => Promise<void>, every: number): () => void {
  const until = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let overdue = false;
  const turn = async (): Promise<void> => {
    overdue = false;
    await ask(until.signal);
    if (every && !until.signal.aborted) timer = setTimeout(next, every);
  };
  const next = (): void => {
    if (document.hidden) overdue = true;
    else void turn();
  };
  const look = (): void => {
    if (overdue) next();
  };
  document.addEventListener('visibilitychange', look);
  void turn();
  return () => {
    until.abort();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
}

interface Answer<T> {
  to: string;
  data: T | null;
  at: string | null;
  error: string | null;
}

/**
 * What `path` answers, kept up to date. Older data stay while a question is under way or fails,
 * except when it is another question. `takes` is how long the server works on the answer.
 */
export function usePoll<T>(
  path: string | null,
  query: Query = {},
  every = 0,
  takes = 0,
): Polled<T> {
  const question = path === null ? null : JSON.stringify([path, query]);
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const since = beginnings.value;

  useEffect(() => {
    if (question === null) return;
    const [asked, having] = JSON.parse(question) as [string, Query];
    return repeat(async (abort) => {
      try {
        const data = await get<T>(asked, { query: having, abort, within: takes + PATIENCE });
        if (abort.aborted) return;
        setAnswer({ to: question, data, at: new Date().toISOString(), error: null });
      } catch (failed) {
        if (abort.aborted) return;
        const error = toldOf(failed);
        setAnswer((before) =>
          before?.to === question
            ? { ...before, error }
            : { to: question, data: null, at: null, error },
        );
      }
    }, every);
  }, [question, every, takes, turn, since]);

  const known = answer?.to === question ? answer : null;
  return { data: known?.data ?? null, at: known?.at ?? null, error: known?.error ?? null, reload };
}
