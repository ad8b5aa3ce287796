// Keeps what a page shows up to date by asking again, while the page is looked at.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiError, get, type Query } from '../api/client';

export interface Polled<T> {
  data: T | null;
  error: string | null;
  reload: () => void;
}

/**
 * What `path` answers, asked again `every` milliseconds after each answer (0: never). Older data
 * stay while a question is under way or fails, except when it is another question.
 */
export function usePoll<T>(path: string | null, query: Query = {}, every = 0): Polled<T> {
  const question = path === null ? null : JSON.stringify([path, query]);
  const [answer, setAnswer] = useState<{ to: string; data: T } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((n) => n + 1), []);

  useEffect(() => {
    if (question === null) return;
    const [asked, having] = JSON.parse(question) as [string, Query];
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        if (!document.hidden || !every || turn > 0) {
          const data = await get<T>(asked, having, abort.signal);
          if (abort.signal.aborted) return;
          setAnswer({ to: question, data });
        }
        setError(null);
      } catch (failed) {
        if (abort.signal.aborted) return;
        setError(failed instanceof ApiError ? failed.message : String(failed));
      }
      if (every > 0) timer = setTimeout(() => void ask(), every);
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [question, every, turn]);

  return { data: answer && answer.to === question ? answer.data : null, error, reload };
}
