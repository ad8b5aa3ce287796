// What stands on the map: each kind has a colour and a shape of its own, for those who do not see
// the one or the other.
export type Mark = 'free' | 'busy' | 'full' | 'off' | 'lost' | 'waiting' | 'confirmed';

interface Look {
  /** The style sheet's name for its colour. */
  colour: string;
  /** Its outline around (0, 0), about as far out as 1. */
  outline: readonly (readonly [number, number])[];
  /** Only the outline is drawn. */
  hollow?: boolean;
}

const regular = (corners: number, from: number, radius: number): [number, number][] =>
  Array.from({ length: corners }, (_, i) => {
    const angle = from + (2 * Math.PI * i) / corners;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });

const UP = -Math.PI / 2;
const round = regular(16, 0, 1);
const diamond = regular(4, UP, 1.35);
const square = regular(4, Math.PI / 4, 1.25);
const triangle = regular(3, UP, 1.4);
const cross: [number, number][] = [
  [0, -0.5],
  [0.7, -1.2],
  [1.2, -0.7],
  [0.5, 0],
  [1.2, 0.7],
  [0.7, 1.2],
  [0, 0.5],
  [-0.7, 1.2],
  [-1.2, 0.7],
  [-0.5, 0],
  [-1.2, -0.7],
  [-0.7, -1.2],
];

export const LOOKS: Record<Mark, Look> = {
  free: { colour: 'mark-free', outline: round },
  busy: { colour: 'mark-busy', outline: square },
  full: { colour: 'mark-full', outline: triangle },
  off: { colour: 'mark-off', outline: round, hollow: true },
  lost: { colour: 'mark-lost', outline: cross },
  waiting: { colour: 'mark-waiting', outline: diamond },
  confirmed: { colour: 'mark-confirmed', outline: diamond, hollow: true },
};

const COURIERS: Record<string, Mark> = { free: 'free', busy: 'busy', full: 'full', lost: 'lost' };
const WAITING = new Set(['REQUESTED', 'DISPATCHING']);

export const courierMark = (state: string): Mark => COURIERS[state] ?? 'off';
export const callMark = (phase: string): Mark => (WAITING.has(phase) ? 'waiting' : 'confirmed');
