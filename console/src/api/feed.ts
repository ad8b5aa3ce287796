// The one stream everything live comes from. It reconnects by itself, for as long as somebody is
// signed in; while it is down, `connection` says so and the page shows that its figures are old.
import { effect, signal } from '@preact/signals';
import { backoff } from '../lib/backoff';
import { remember } from '../state/figures';
import { tellAction, tellRestart } from '../state/news';
import { apiUrl, headers } from './client';
import { session, signOut } from './session';
import { EventParser, type ServerEvent } from './sse';
import type { Audited, Figures, Restart } from './types';

export type Connection = 'connecting' | 'live' | 'lost';

export const connection = signal<Connection>('connecting');

// Three intervals without a byte: a cut cable looks like silence.
const SILENCE = 3_500;

function take({ event, data }: ServerEvent): void {
  if (event === 'figures') remember(JSON.parse(data) as Figures);
  if (event === 'restart') tellRestart(JSON.parse(data) as Restart);
  if (event === 'action') tellAction(JSON.parse(data) as Audited);
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
    if (!response.ok || !response.body) return false;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return heard;
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), SILENCE);
      for (const event of parser.push(value)) take(event);
      heard = true;
      connection.value = 'live';
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

/** Follows the feed of whoever is signed in, from now on. */
export function startFeed(): void {
  effect(() => {
    if (!session.value) return;
    const until = new AbortController();
    connection.value = 'connecting';
    void follow(until.signal);
    return () => until.abort();
  });
}
