// How the console is to write what it shows, in English. Written anew, not taken from the console.

const UNITS = { µs: 1e-3, ms: 1, s: 1e3, min: 6e4, h: 3.6e6, d: 8.64e7 };
const BYTES = { B: 0, KiB: 1, MiB: 2, GiB: 3, TiB: 4 };

export const NOTHING = "–";

/** 1234567 is "1,234,567". */
export const count = (n) =>
  n === null || n === undefined
    ? NOTHING
    : String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");

export const number = (text) => Number(text.replaceAll(",", ""));

/** Milliseconds of "0 ms", "340 µs", "1.5 s" or "2 h 5 min"; null of nothing. */
export function milliseconds(text) {
  if (text === NOTHING) return null;
  if (text === "< 1 µs") return 0.0005;
  const parts = [...text.matchAll(/([\d.,]+) (µs|ms|min|s|h|d)/g)];
  if (!parts.length) throw new Error(`not a duration: ${text}`);
  return parts.reduce((all, [, n, unit]) => all + number(n) * UNITS[unit], 0);
}

/** Whether a duration says `ms`, with the two digits at least that it has. */
export function tells(text, ms) {
  if (ms === null) return text === NOTHING;
  if (ms === 0) return text === "0 ms";
  return Math.abs(milliseconds(text) / ms - 1) <= (ms < 1e-3 ? 1 : 0.06);
}

/** Bytes of "1.5 GiB", and by how much they may be off. */
export function bytes(text) {
  const [, n, unit] = /^([\d.,]+) (\w+)$/.exec(text.trim());
  const of = 1024 ** BYTES[unit];
  return { value: number(n) * of, give: 0.06 * of };
}

export const metres = (m) =>
  m === null || m === undefined
    ? NOTHING
    : m < 1000
      ? `${Math.round(m)} m`
      : `${(Math.round(m / 100) / 10).toFixed(1).replace(/\.0$/, "")} km`;

export const position = ({ lat, lng }) =>
  `${lat.toFixed(4)}, ${lng.toFixed(4)}`;

/** The first three and the last two digits of a telephone number. */
export const masked = (tel) =>
  tel.slice(0, 3) + "*".repeat(tel.length - 5) + tel.slice(-2);

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec".split(" ");

/** A time in Seoul, so far, with the day when that is not today's. */
function inSeoul(at, to) {
  const there = (ms) => new Date(ms + 9 * 3_600_000);
  const time = there(Date.parse(at));
  const [day, today] = [time, there(Date.now())].map((one) =>
    one.toISOString().slice(0, 10),
  );
  return (
    (day === today
      ? ""
      : `${time.getUTCDate()} ${MONTHS[time.getUTCMonth()]}, `) +
    time.toISOString().slice(11, to)
  );
}

export const clock = (at) => inSeoul(at, 19);
export const fineClock = (at) => inSeoul(at, 23);

export const PHASES = {
  REQUESTED: "requested",
  SCHEDULED: "scheduled",
  DISPATCHING: "dispatching",
  CONFIRMED: "confirmed",
  ARRIVED: "arrived",
  PICKED_UP: "picked up",
  COMPLETED: "completed",
  CANCELED: "canceled",
  UNFULFILLED: "unfulfilled",
  PICKUP_FAILED: "pickup failed",
};

export const STATUSES = {
  호출: "Called",
  호출중: "Dispatching",
  호출확정: "Confirmed",
  호출취소: "Canceled",
};

export const BREAKERS = {
  closed: "closed",
  open: "open",
  half_open: "half open",
  forced_open: "tripped",
  disabled: "disabled",
};

export const STANDINGS = {
  off_shift: "off shift",
  lost: "lost",
  unplaced: "no place",
  full: "full",
  busy: "busy",
  free: "free",
};

export const VERDICTS = {
  chosen: "chosen",
  farther: "farther",
  more_loaded: "more loaded",
  idle_shorter: "idle for less long",
  higher_id: "higher number",
  off_shift: "off shift",
  lost: "lost",
  full: "full",
  wrong_class: "wrong class",
  excluded: "excluded",
  changing: "being changed",
  out_of_reach: "out of reach",
};

export const LETTERS = { dead: "given up", bad_number: "bad number" };

export const OUTCOMES = {
  restarts: "restarted",
  drops: "dropped",
  quarantines: "quarantined",
  escalates: "escalated",
  fences: "fenced",
};

export const ACTIONS = {
  kill: "Kill",
  restart: "Restart",
  crash: "Crash",
  hang: "Hang",
  pause: "Pause stage",
  resume: "Resume stage",
  trip: "Trip breaker",
  reset: "Reset breaker",
  disable: "Disable breaker",
  cancel: "Cancel",
  reassign: "Reassign",
  unmask: "Show number",
  "off-shift": "Take off shift",
  "on-shift": "Put on shift",
  drain: "Drain and stop",
  backup: "Back up",
};
