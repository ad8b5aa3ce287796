import { describe, expect, it } from 'vitest';
import { backoff } from '../src/lib/backoff';
import {
  bytes,
  clock,
  count,
  duration,
  fineClock,
  metres,
  percent,
  perSecond,
  shownOf,
} from '../src/lib/format';
import { chooseLanguage } from '../src/i18n';

describe('what people read', () => {
  it('groups counts, and tells nothing from none', () => {
    expect(count(1234567)).toBe('1,234,567');
    expect(count(0)).toBe('0');
    expect(count(null)).toBe('–');
    expect(shownOf(5000, 12345)).toBe('5,000 / 12,345');
    expect(shownOf(7, 7)).toBe('7');
  });

  it('gives parts in per cent, small ones with two digits', () => {
    expect([0, 0.000123, 0.0207, 0.5, null].map(percent)).toEqual([
      '0 %',
      '0.012 %',
      '2.1 %',
      '50 %',
      '–',
    ]);
  });

  it('gives durations the unit that keeps them short', () => {
    const said = [0, 0.0002, 0.0134, 0.999, 1.26, 57, 1234, 125_000, 7_500_000, 200_000_000];
    expect(said.map(duration)).toEqual(
      '0 ms|< 1 µs|13 µs|1,000 µs|1.3 ms|57 ms|1.2 s|2 min|2 h 5 min|2 d 7 h'.split('|'),
    );
  });

  it('keeps a decimal only where it matters', () => {
    expect([0.25, 45.62, 1234.5].map(perSecond)).toEqual(['0.3', '45.6', '1,235']);
    expect([850.4, 1234].map(metres)).toEqual(['850 m', '1.2 km']);
    expect([0, 512, 77_209_186_304].map(bytes)).toEqual(['0 B', '512 B', '71.9 GiB']);
  });

  it('gives the day only of another day', () => {
    const noon = new Date(2026, 10, 23, 12);
    expect(clock(noon.toISOString(), 'en', noon)).toBe('12:00:00');
    const before = new Date(2026, 10, 22, 12, 0, 0, 7).toISOString();
    expect(clock(before, 'en', noon)).toBe('22 Nov, 12:00:00');
    expect(fineClock(before, 'en', noon)).toBe('22 Nov, 12:00:00.007');
    expect(fineClock(noon.toISOString(), 'en', noon)).toBe('12:00:00.000');
    expect(fineClock(before, 'ko', noon)).toMatch(/11월 22일.*12:00:00\.007$/);
  });
});

describe('the language', () => {
  it('is what was chosen, else the browser’s', () => {
    expect(chooseLanguage(null, 'ko-KR')).toBe('ko');
    expect(chooseLanguage(null, 'de')).toBe('en');
    expect(chooseLanguage('en', 'ko')).toBe('en');
    expect(chooseLanguage('xx', 'ko')).toBe('ko');
  });
});

describe('reconnecting', () => {
  it('waits longer after each failure, up to a bound, never all at once', () => {
    expect([1, 2, 3, 4].map((n) => backoff(n, 0.5))).toEqual([500, 1000, 2000, 4000]);
    expect(backoff(50, 0.5)).toBe(10_000);
    expect(backoff(1, 0)).toBeLessThan(backoff(1, 0.99));
  });
});
