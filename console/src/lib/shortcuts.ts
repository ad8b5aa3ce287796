// Keys that work everywhere but while one types: / to search, g and a letter to a page, ? for help.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { session } from '../api/session';
import { pages } from './pages';
import { go, link } from './router';

export const helping = signal(false);
export const SEARCH = 'search-calls';

// A g that was not followed up is forgotten.
const PATIENCE = 1_500;

const typing = (at: EventTarget | null): boolean =>
  at instanceof HTMLElement &&
  (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));

export function useShortcuts(): void {
  useEffect(() => {
    let led = 0;
    const onKey = (e: KeyboardEvent): void => {
      if (!session.value || e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
      if (document.querySelector('dialog[open]')) return;
      const target = e.timeStamp - led < PATIENCE && pages.find((one) => one.letter === e.key);
      led = e.key === 'g' ? e.timeStamp : 0;
      if (target) go(link([target.name]));
      else if (e.key === '?') helping.value = true;
      else if (e.key === '/') document.getElementById(SEARCH)?.focus();
      else return;
      e.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
