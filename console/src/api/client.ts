// Asks the operators' API. Every request carries the token; a 401 ends the session, whoever asked.
import { session, signOut } from './session';

/** What the server refused, in its own words. `status` is 0 when it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

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

async function problem(response: Response): Promise<ApiError> {
  let said = `${response.status} ${response.statusText}`;
  try {
    const body = (await response.json()) as { detail?: string; title?: string };
    said = body.detail ?? body.title ?? said;
  } catch {
    // Not a problem document: the status has to do.
  }
  return new ApiError(response.status, said);
}

export async function request<T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  query: Query = {},
  abort?: AbortSignal,
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(apiUrl(path, query), {
      method,
      headers: headers(),
      cache: 'no-store',
      ...(abort && { signal: abort }),
    });
  } catch (failed) {
    if (abort?.aborted) throw failed;
    throw new ApiError(0, failed instanceof Error ? failed.message : String(failed));
  }
  if (response.status === 401) signOut(true);
  if (!response.ok) throw await problem(response);
  const text = await response.text();
  return (text ? JSON.parse(text) : null) as T;
}

export const get = <T>(path: string, query?: Query, abort?: AbortSignal): Promise<T> =>
  request<T>('GET', path, query, abort);
export const post = <T>(path: string, query?: Query): Promise<T> => request<T>('POST', path, query);
