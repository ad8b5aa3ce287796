// The pages in the order of the navigation, each with the letter that leads to it after g.
import type { Dictionary } from '../i18n/en';

export interface Page {
  name: keyof Dictionary['pages'];
  letter: string;
}

export const pages: readonly Page[] = [
  { name: 'overview', letter: 'o' },
  { name: 'map', letter: 'm' },
  { name: 'calls', letter: 'c' },
  { name: 'couriers', letter: 'r' },
  { name: 'actors', letter: 'a' },
  { name: 'supervision', letter: 's' },
  { name: 'letters', letter: 'd' },
  { name: 'breakers', letter: 'b' },
];
