// Who is signed in: the token and the operator's name, kept for this tab only. A token in the
// address (#token=…, as pickupd prints it) is taken out of it at once, so that it stays neither
// in the history nor on a screenshot.
import { signal, type Signal } from '@preact/signals';

export interface Session {
  token: string;
  operator: string;
}

const TOKEN = 'pickupcenter.token';
const OPERATOR = 'pickupcenter.operator';

export const session = signal<Session | null>(null);
/** Whether the server has refused the last token: then the form says so. */
export const refused = signal(false);

const resets: (() => void)[] = [];

/** A signal that begins anew with each session: what one operator was shown is not the next one's. */
export function perSession<T>(first: T): Signal<T> {
  const own = signal(first);
  resets.push(() => (own.value = first));
  return own;
}

/** Begins with another session, or none. */
export function enter(next: Session | null): void {
  for (const reset of resets) reset();
  session.value = next;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Takes the token out of the address; whether there was one. */
function takeToken(): boolean {
  const given = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (!given) return false;
  sessionStorage.setItem(TOKEN, decoded(given));
  history.replaceState(null, '', location.pathname + location.search);
  refused.value = false;
  return true;
}

function resume(): void {
  const token = sessionStorage.getItem(TOKEN);
  if (token) enter({ token, operator: localStorage.getItem(OPERATOR) ?? '' });
}

/** Signs in by the address, now or when another one is pasted, or by what this tab remembers. */
export function openSession(): void {
  takeToken();
  resume();
  addEventListener('hashchange', () => {
    if (takeToken()) resume();
  });
}

export function signIn(token: string, operator: string): void {
  sessionStorage.setItem(TOKEN, token);
  localStorage.setItem(OPERATOR, operator);
  refused.value = false;
  enter({ token, operator });
}

/** Forgets the token; `byServer` when the server would not have it. */
export function signOut(byServer = false): void {
  sessionStorage.removeItem(TOKEN);
  refused.value = byServer;
  enter(null);
}

export const operatorName = (): string =>
  session.value?.operator ?? localStorage.getItem(OPERATOR) ?? '';
