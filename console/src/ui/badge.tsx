// A word with a colour that means the same everywhere. The word stands for itself: nobody needs
// to see the colour.
import type { ComponentChildren } from 'preact';
import { text, word } from '../i18n';

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
  ending: 'warn',
  quarantined: 'bad',
  unanswered: 'bad',
  // breakers
  closed: 'good',
  open: 'bad',
  forced_open: 'bad',
  tripped: 'bad',
  half_open: 'warn',
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
