// What the operators' API answers, field by field as docs/operator-api.md has it. Times are RFC
// 3339 in UTC, durations milliseconds; the server masks telephone numbers before they get here.

export type Service = 'pickup' | 'taxi';
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  name: string;
  labels: Labels;
  value: number;
}

export interface Figures {
  at: string;
  version: string;
  /** Null while the node has no actors. */
  startedAt: string | null;
  ready: boolean;
  notReady: string[];
  metrics: Sample[];
}

export interface ActorId {
  kind: string;
  id: string;
}

export interface Times {
  p50Ms: number;
  p99Ms: number;
}

export interface Actor extends ActorId {
  state: string;
  depth: number;
  highWater: number;
  messages: number;
  rejected: number;
  wait: Times | null;
  handler: Times | null;
  restarts: number;
  lastExit: string | null;
  running: { message: string; forMs: number } | null;
}

export interface ActorList {
  actors: Actor[];
  total: number;
  truncated: boolean;
  windowMs: number | null;
  tookMs: number;
}

export interface ActorDetail extends Actor {
  snapshot: Record<string, string> | null;
  snapshotError: string | null;
  supervisor: string | null;
  stories: Restart[];
}

export interface TreeNode {
  name: string;
  type: 'supervisor' | 'worker';
  state: string;
  restarts: number;
  backoffMs: number | null;
  actor: ActorId | null;
  strategy?: string;
  intensity?: number;
  periodMs?: number;
  restartsLeft?: number;
  counts?: { active: number; restarting: number; quarantined: number; zombies: number };
  children?: TreeNode[];
}

export interface Restart {
  n: number;
  at: string;
  supervisor: string;
  child: string;
  actor: ActorId | null;
  incarnation: number;
  message: string | null;
  reason: string;
  /** The operator who ordered it. */
  by: string | null;
  outcome: 'restarts' | 'drops' | 'quarantines' | 'escalates' | 'fences';
  siblings: string[];
  causedBy: number | null;
  story: string;
}

export interface Rejects {
  mailboxes: { actor: string; message: string; rejected: number }[];
  ended: { actor: string; messages: number }[];
  calls: { cause: string; count: number }[];
}

export interface DeadLetter {
  intent: string | number;
  service: Service;
  call: number;
  kind: string;
  tel: string;
  via: string;
  state: string;
  code: number | string;
  reason: string;
  at: string;
}

export interface TracedMessage {
  at: string;
  actor: ActorId;
  message: string;
  about: string[];
  waitMs: number | null;
  /** Null while it is handled. */
  tookMs: number | null;
  failed: boolean;
}

export interface Trace extends ActorId {
  n: number;
  startedAt: string;
  endsAt: string;
  done: boolean;
  messages: TracedMessage[];
}

export interface Call {
  id: number;
  service: Service;
  tel: string;
  location: string | null;
  lat: number;
  lng: number;
  parcelType?: string;
  taxiClass?: string;
  cost: number | null;
  memo: string | null;
  pickupAt: string | null;
  dispatchAt: string | null;
  status: string;
  phase: string;
  courier: {
    id: number;
    name: string;
    tel: string;
    vehicle: string | null;
    distance: number;
  } | null;
  createdAt: string;
  updatedAt: string;
  seq: number;
  correlationId: string;
}

export interface Step {
  seq: number;
  at: string;
  event: string;
  phase: string;
  cause: string | null;
  courier: number | null;
  distance: number | null;
  reason: string | null;
  correlationId: string;
}

export interface CallDetail extends Call {
  history: Step[];
}

export interface TimelineEvent {
  at: string;
  source: 'http' | 'journal' | 'actor' | 'message';
  title: string;
  detail: string;
  correlationId: string | null;
  facts: Partial<Labels>;
}

export interface Timeline {
  call: Call;
  events: TimelineEvent[];
}

export interface Considered {
  courierId: number;
  distance: number;
  lat: number;
  lng: number;
  load: number;
  capacity: number;
  idleSince: string | null;
  verdict: string;
  why: string;
}

export interface Explanation {
  assignment: number;
  at: string;
  courierId: number;
  how: 'nearest' | 'oldest_call';
  distance: number;
  lat: number;
  lng: number;
  class: string;
  reach: number;
  considered: Considered[];
}

export interface Courier {
  id: number;
  name: string;
  tel: string;
  vehicle: string | null;
  service: Service;
  classes: string[];
  capacity: number;
  load: number;
  onShift: boolean;
  lat: number | null;
  lng: number | null;
  lastSeenAt: string | null;
  state: string;
}

export interface MapData {
  couriers: { id: number; lat: number; lng: number; state: string; load: number }[];
  calls: { n: number; lat: number; lng: number; phase: string; courierId: number | null }[];
  /** How many there are where one asked for, listed or not. */
  courierTotal: number;
  callTotal: number;
  truncated: boolean;
}

export interface Breaker {
  name: string;
  state: string;
  calls: number;
  failed: number;
  slow: number;
  rejected: number;
  retryAfterMs: number | null;
}

/** One thing an action does; the text says it in English, with the facts. */
export interface Effect {
  code: string;
  text: string;
  facts: Labels;
}

export interface ActionResult {
  action: string;
  object: string;
  dryRun: boolean;
  effects: Effect[];
  actorsStopped: number;
  callsRedispatched: number;
  audit: string | null;
  tel?: string;
  path?: string;
}

export interface Audited {
  id: string;
  at: string;
  operator: string;
  action: string;
  object: string;
  detail: string;
  correlationId: string | null;
}
