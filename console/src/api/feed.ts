// The one stream everything live comes from. It reconnects by itself, for as long as somebody is
// signed in and looks at the page; while it is down, `connection` says so and the page shows that
// its figures are old.
import { effect, signal } from '@preact/signals';
import { backoff } from '../lib/backoff';
import { lookedAt } from '../lib/looked_at';
import { remember } from '../state/figures';
import { tellAction, tellLife, tellRestart } from '../state/news';
import { apiUrl, headers, problem } from './client';
import { perSession, session, signOut } from './session';
import { EventParser, type ServerEvent } from './sse';
import type { Audited, Figures, Restart } from './types';

export type Connection = 'connecting' | 'live' | 'lost';

export const connection = signal<Connection>('connecting');
/** Why the server would not open the stream, in its words; null when it said nothing. */
export const refusal = perSession<string | null>(null);
/** How often the stream began: what was asked before may have missed something. */
export const beginnings = signal(0);

// Three intervals without a byte: a cut cable looks like silence.
const SILENCE = 3_500;

function take({ event, data }: ServerEvent): void {
  if (event === 'figures') {
    const now = JSON.parse(data) as Figures;
    tellLife(now.startedAt);
    remember(now);
  }
  if (event === 'restart') tellRestart(JSON.parse(data) as Restart);
  if (event === 'action') tellAction(JSON.parse(data) as Audited);
}

function begin(): void {
  refusal.value = null;
  connection.value = 'live';
  beginnings.value += 1;
}

/** Reads one stream to its end. Returns whether anything came. */
async function read(abort: AbortController): Promise<boolean> {
  let heard = false;
  let watch = setTimeout(() => abort.abort(), SILENCE);
  try {
    const response = await fetch(apiUrl('/admin/feed', { interval: '1s' }), {
      headers: headers(),
      signal: abort.signal,
      cache: 'no-store',
    });
    if (response.status === 401) signOut(true);
    else if (!response.ok) refusal.value = (await problem(response)).message;
    if (!response.ok || !response.body) return false;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return heard;
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), SILENCE);
      for (const event of parser.push(value)) take(event);
      if (!heard) begin();
      heard = true;
    }
  } catch {
    return heard;
  } finally {
    clearTimeout(watch);
  }
}

async function follow(until: AbortSignal): Promise<void> {
  for (let failures = 0; !until.aborted;) {
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    until.addEventListener('abort', stop);
    failures = (await read(attempt)) ? 1 : failures + 1;
    until.removeEventListener('abort', stop);
    if (until.aborted) return;
    connection.value = 'lost';
    await new Promise((resolve) => setTimeout(resolve, backoff(failures, Math.random())));
  }
}

/**
 * Follows the feed of whoever is signed in, from now on. Not in a window nobody looks at: browsers
 * open six connections to a server for all their windows together, and each stream holds one.
 */
export function startFeed(): void {
  effect(() => {
    if (!session.value || !lookedAt.value) return;
    const until = new AbortController();
    connection.value = 'connecting';
    void follow(until.signal);
    return () => until.abort();
  });
}
