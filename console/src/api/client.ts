// Asks the operators' API. Every request carries the token; a 401 ends the session, whoever asked.
import { text } from '../i18n';
import { session, signOut } from './session';

/** What the server refused, in its own words. `status` is 0 when it did not answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Under which number the audit has what failed; null when nothing was begun. */
    readonly audit: string | null = null,
  ) {
    super(message);
  }
}

/** What to tell of something that was thrown. */
export const toldOf = (failed: unknown): string =>
  failed instanceof Error ? failed.message : String(failed);

export type Query = Record<string, string | number | boolean | undefined>;

/** A path of the API below the directory this page is served from, whatever that is. */
export function apiUrl(path: string, query: Query = {}): string {
  const url = new URL(`..${path}`, document.baseURI);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
  return url.toString();
}

/** Ids hold colons and may hold slashes: only the latter would be taken for the path's own. */
export const segment = (id: string | number): string => encodeURIComponent(id).replace(/%3A/g, ':');

export function headers(): Record<string, string> {
  const { token = '', operator = '' } = session.value ?? {};
  const named: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (operator) named['X-Operator'] = encodeURIComponent(operator);
  return named;
}

export async function problem(response: Response): Promise<ApiError> {
  let said = `${response.status} ${response.statusText}`;
  let audit: string | undefined;
  try {
    const body = (await response.json()) as { detail?: string; title?: string; audit?: string };
    said = body.detail ?? body.title ?? said;
    audit = body.audit;
  } catch {
    // Not a problem document: the status has to do.
  }
  return new ApiError(response.status, said, audit);
}

/** How long an answer may take, beyond the time the question itself names. */
export const PATIENCE = 10_000;

interface Asking {
  query?: Query;
  abort?: AbortSignal;
  within?: number;
}

/** A connection that hangs looks like an answer that takes long: none may take for ever. */
export async function request<T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  { query = {}, abort, within = PATIENCE }: Asking = {},
): Promise<T> {
  const given = new AbortController();
  const giveUp = (): void => given.abort();
  const timer = setTimeout(giveUp, within);
  abort?.addEventListener('abort', giveUp);
  try {
    const response = await fetch(apiUrl(path, query), {
      method,
      headers: headers(),
      cache: 'no-store',
      signal: given.signal,
    });
    if (response.status === 401) signOut(true);
    if (!response.ok) throw await problem(response);
    const body = await response.text();
    return (body ? JSON.parse(body) : null) as T;
  } catch (failed) {
    if (failed instanceof ApiError || abort?.aborted) throw failed;
    const { unanswered, unreachable } = text.value;
    throw new ApiError(0, given.signal.aborted ? unanswered(within / 1000) : unreachable);
  } finally {
    clearTimeout(timer);
    abort?.removeEventListener('abort', giveUp);
  }
}

export const get = <T>(path: string, asking?: Asking): Promise<T> =>
  request<T>('GET', path, asking);
export const post = <T>(path: string, asking?: Asking): Promise<T> =>
  request<T>('POST', path, asking);
