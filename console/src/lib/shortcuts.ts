// Keys that work everywhere but while one types: / to search, g and a letter to a page, ? for help.
import { useEffect } from 'preact/hooks';
import { perSession, session } from '../api/session';
import { pages } from './pages';
import { go, link } from './router';

export const helping = perSession(false);
export const SEARCH = 'search-calls';

// A g that was not followed up is forgotten.
const PATIENCE = 1_500;

const typing = (at: EventTarget | null): boolean =>
  at instanceof HTMLElement &&
  (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));

/** The key as a Latin keyboard has it there: while one writes Hangul, g is ㅎ. */
export function keyOf({ key, code, shiftKey }: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey'>) {
  if (/^[ -~]$/.test(key)) return key;
  if (code === 'Slash') return shiftKey ? '?' : '/';
  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key;
}

export function useShortcuts(): void {
  useEffect(() => {
    let led = 0;
    const onKey = (e: KeyboardEvent): void => {
      if (!session.value || e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
      if (document.querySelector('dialog[open]')) return;
      const key = keyOf(e);
      const target = e.timeStamp - led < PATIENCE && pages.find((one) => one.letter === key);
      led = key === 'g' ? e.timeStamp : 0;
      if (target) go(link([target.name]));
      else if (key === '?') helping.value = true;
      else if (key === '/') document.getElementById(SEARCH)?.focus();
      else return;
      e.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
