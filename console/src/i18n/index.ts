// The page's language: what was chosen, else the browser's.
import { computed, effect, signal } from '@preact/signals';
import { en, type Dictionary } from './en';
import { ko } from './ko';

export type Language = 'en' | 'ko';

const STORED = 'pickupcenter.language';
const dictionaries: Record<Language, Dictionary> = { en, ko };

export const chooseLanguage = (stored: string | null, browser: string): Language =>
  stored === 'en' || stored === 'ko' ? stored : /^ko\b/i.test(browser) ? 'ko' : 'en';

export const language = signal<Language>('en');
export const text = computed<Dictionary>(() => dictionaries[language.value]);

export function startLanguage(): void {
  language.value = chooseLanguage(localStorage.getItem(STORED), navigator.language);
  effect(() => {
    document.documentElement.lang = language.value;
  });
}

export function setLanguage(chosen: Language): void {
  localStorage.setItem(STORED, chosen);
  language.value = chosen;
}

/** A word of the API in this language; as the API says it when the dictionary has none. */
export const word = (words: Record<string, string>, key: string): string => words[key] ?? key;
