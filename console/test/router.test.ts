import { describe, expect, it } from 'vitest';
import { link, parseRoute } from '../src/lib/router';
import { merge } from '../src/state/news';
import { heatOf } from '../src/ui/heat';

describe('an address', () => {
  it('is read as it was made', () => {
    const made = link(['actors', 'call', 'pickup:17'], { tab: 'a b', page: 0, none: '' });
    expect(made).toBe('#/actors/call/pickup:17?tab=a+b&page=0');
    const { path, query } = parseRoute(made);
    expect(path).toEqual(['actors', 'call', 'pickup:17']);
    expect(query.get('tab')).toBe('a b');
  });

  it('keeps a slash within an id', () => {
    expect(parseRoute(link(['actors', 'x', 'a/b'])).path).toEqual(['actors', 'x', 'a/b']);
  });

  it('that says nothing is the overview, and a broken one no error', () => {
    expect(parseRoute('').path).toEqual(['overview']);
    expect(parseRoute('#/calls/%E0%A4%A').path).toEqual(['calls', '%E0%A4%A']);
  });
});

describe('news', () => {
  it('that the list and the feed both tell is there once, the newest first', () => {
    const one = { n: 1, at: '2026-11-23T09:00:00.000Z' };
    const two = { n: 2, at: '2026-11-23T09:00:01.000Z' };
    expect(merge([one], [two, one], (x) => x.n)).toEqual([two, one]);
  });
});

describe('heat', () => {
  it('grows with the time waited, from nothing to five', () => {
    expect([null, 0, 0.2, 0.5, 2, 5, 20, 1e4].map(heatOf)).toEqual([0, 1, 1, 2, 3, 4, 5, 5]);
  });
});
