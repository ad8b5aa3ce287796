// Numbers and times as people read them, in the page's language. Pure, but for the clock where none
// is given.

export const NOTHING = '–';

const grouped = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en-US', { maximumFractionDigits: digits });
const whole = grouped(0);
const tenth = grouped(1);
const fine = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });

/** A count, grouped by thousands. */
export const count = (n: number | null | undefined): string =>
  n === null || n === undefined ? NOTHING : whole.format(n);

/** How many are shown, and of how many when that is not all. */
export const shownOf = (shown: number, total: number): string =>
  shown < total ? `${count(shown)} / ${count(total)}` : count(shown);

/** A rate: with a decimal while it is small enough for that to matter. */
export const perSecond = (n: number | null): string =>
  n === null ? NOTHING : n >= 100 ? whole.format(n) : tenth.format(n);

/** A part of one. */
export const percent = (part: number | null): string =>
  part === null ? NOTHING : `${(part < 0.1 ? fine : whole).format(part * 100)} %`;

/** A duration in milliseconds, in the unit that keeps it short. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NOTHING;
  if (ms === 0) return '0 ms';
  if (ms < 0.001) return '< 1 µs';
  if (ms < 1) return `${fine.format(ms * 1000)} µs`;
  if (ms < 10) return `${tenth.format(ms)} ms`;
  if (ms < 1000) return `${whole.format(ms)} ms`;
  if (ms < 60_000) return `${tenth.format(ms / 1000)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function bytes(n: number | null): string {
  if (n === null) return NOTHING;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(n) / 10));
  return `${tenth.format(n / 1024 ** power)} ${units[power]}`;
}

export const metres = (m: number | null | undefined): string =>
  m === null || m === undefined
    ? NOTHING
    : m < 1000
      ? `${whole.format(m)} m`
      : `${tenth.format(m / 1000)} km`;

/** A position, to about ten metres. */
export const position = (at: { lat: number; lng: number }): string =>
  `${at.lat.toFixed(4)}, ${at.lng.toFixed(4)}`;

/** A time as `parts` have it, with the day when it is not today's. */
function timeOf(
  at: string,
  language: string,
  now: Date,
  parts: Intl.DateTimeFormatOptions,
): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  const sameDay = time.toDateString() === now.toDateString();
  return new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    ...(sameDay ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...parts,
  }).format(time);
}

/** The time of day, to the second. */
export const clock = (at: string, language: string, now = new Date()): string =>
  timeOf(at, language, now, {});

/** The same to the millisecond, for what happens within one second. */
export const fineClock = (at: string, language: string, now = new Date()): string =>
  timeOf(at, language, now, { fractionalSecondDigits: 3 });

/** As many bytes as the server counts: a Korean letter is three. */
export const byteLength = (said: string): number => new TextEncoder().encode(said).length;
