// What the server's sources say, for tests that hold the console against them.
import { readFileSync } from 'node:fs';

export const source = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The names an enumeration has: case phase::arrived: return "ARRIVED"; */
export function namesOf(path: string, enumeration: string): string[] {
  const pattern = new RegExp(`case ${enumeration}::\\w+: return "(\\w+)"`, 'g');
  return [...source(path).matchAll(pattern)].map((found) => found[1]!);
}
