// Where one is: the part of the address after the #. It works from any directory, and the server
// need not know a page's name.
import { computed, signal } from '@preact/signals';
import type { Service } from '../api/types';

export interface Route {
  /** Decoded segments: ["calls", "pickup", "17"]. */
  path: readonly string[];
  query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const segments = path
    .split('/')
    .filter(Boolean)
    .map((one) => {
      try {
        return decodeURIComponent(one);
      } catch {
        return one;
      }
    });
  return { path: segments.length ? segments : ['overview'], query: new URLSearchParams(query) };
}

/** Whose calls are looked at there; null where those of both, or none, are. */
export function serviceOf({ path, query }: Route): Service | null {
  const [page, first] = path;
  if (page !== 'calls' && page !== 'map') return null;
  return (page === 'calls' ? first : query.get('service')) === 'taxi' ? 'taxi' : 'pickup';
}

/** Whether it can be the number of a call, not of a telephone. */
export const isNumber = (said: string): boolean => /^[1-9]\d{0,15}$/.test(said);

/** An address of this page; what is empty stays out of it. */
export function link(
  path: readonly (string | number)[],
  query: Record<string, string | number | null | undefined> = {},
): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== '') asked.set(name, String(value));
  const tail = asked.toString() && `?${asked.toString()}`;
  return `#/${path.map((one) => encodeURIComponent(one).replace(/%3A/g, ':')).join('/')}${tail}`;
}

/** An actor's own page. */
export const actorLink = (of: { kind: string; id: string }): string =>
  link(['actors', of.kind, of.id]);

const hash = signal(typeof location === 'undefined' ? '' : location.hash);
export const route = computed(() => parseRoute(hash.value));

export function startRouter(): void {
  hash.value = location.hash;
  addEventListener('hashchange', () => (hash.value = location.hash));
}

export function go(to: string): void {
  location.hash = to;
}
