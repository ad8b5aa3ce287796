// A word with a colour that means the same everywhere. The word stands for itself: nobody needs
// to see the colour.
import type { ComponentChildren } from 'preact';
import type { Actor } from '../api/types';
import { text, word } from '../i18n';
import { duration } from '../lib/format';

export type Tone = 'good' | 'info' | 'warn' | 'bad' | 'quiet';

const TONES: Record<string, Tone> = {
  // couriers
  free: 'good',
  busy: 'info',
  full: 'warn',
  lost: 'bad',
  // actors and supervisors
  running: 'good',
  ready: 'good',
  restarting: 'warn',
  rebuilding: 'warn',
  ending: 'warn',
  quarantined: 'bad',
  unanswered: 'bad',
  // breakers
  closed: 'good',
  open: 'bad',
  forced_open: 'bad',
  half_open: 'warn',
  // It lets everything through: nothing is guarded.
  disabled: 'warn',
  // calls
  DISPATCHING: 'warn',
  REQUESTED: 'warn',
  CONFIRMED: 'info',
  ARRIVED: 'info',
  PICKED_UP: 'info',
  COMPLETED: 'good',
  UNFULFILLED: 'bad',
  PICKUP_FAILED: 'bad',
  // restarts and verdicts
  restarts: 'info',
  drops: 'quiet',
  quarantines: 'bad',
  escalates: 'bad',
  fences: 'warn',
  chosen: 'good',
};

export const toneOf = (state: string): Tone => TONES[state] ?? 'quiet';

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** The state of an actor, a courier or a breaker; of a call's actor that is the call's phase. */
export const State = ({ of }: { of: string }) => (
  <Badge tone={toneOf(of)}>{word(text.value.states, word(text.value.phases, of))}</Badge>
);

export const Phase = ({ of }: { of: string }) => (
  <Badge tone={toneOf(of)}>{word(text.value.phases, of)}</Badge>
);

// Handlers take milliseconds; of one that took longer than the second somebody should know.
const LONG = 1_000;
const STUCK = 5_000;

/** What an actor handles now, and for how long; one that is stuck stands out. */
export function Running({ now }: { now: Actor['running'] }) {
  if (!now) return <span class="quiet">{text.value.actors.idle}</span>;
  const said = `${now.message}, ${duration(now.forMs)}`;
  if (now.forMs < LONG) return <>{said}</>;
  return <Badge tone={now.forMs < STUCK ? 'warn' : 'bad'}>{said}</Badge>;
}
