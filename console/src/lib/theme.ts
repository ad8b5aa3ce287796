// Dark or light: as the system has it, unless chosen. The page's root says which in data-theme; the
// colours are the style sheet's business.
import { effect, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const STORED = 'pickupcenter.theme';

export const theme = signal<Theme>('system');
/** Grows whenever the colours may have changed: what draws on a canvas draws anew. */
export const paint = signal(0);

export function startTheme(): void {
  const stored = localStorage.getItem(STORED);
  if (stored === 'light' || stored === 'dark') theme.value = stored;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const dark = signal(system.matches);
  system.addEventListener('change', () => (dark.value = system.matches));
  effect(() => {
    const chosen = theme.value === 'system' ? (dark.value ? 'dark' : 'light') : theme.value;
    document.documentElement.dataset['theme'] = chosen;
    paint.value = paint.peek() + 1;
  });
}

export function setTheme(chosen: Theme): void {
  localStorage.setItem(STORED, chosen);
  theme.value = chosen;
}

/** A colour of the style sheet, for a canvas. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
