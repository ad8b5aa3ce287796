import { describe, expect, it } from 'vitest';
import { keyOf } from '../src/lib/shortcuts';
import { isNumber, link, parseRoute, serviceOf } from '../src/lib/router';
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

describe('a search', () => {
  it('is of one service only where that is looked at', () => {
    const seen = ['#/calls/taxi/3', '#/calls', '#/map?service=taxi', '#/overview', '#/couriers/1'];
    expect(seen.map((one) => serviceOf(parseRoute(one)))).toEqual([
      'taxi',
      'pickup',
      'taxi',
      null,
      null,
    ]);
  });

  it('knows the number of a call from that of a telephone', () => {
    expect(['17', '01012345678', '0', 'x1'].map(isNumber)).toEqual([true, false, false, false]);
  });
});

describe('a key', () => {
  const pressed = (key: string, code: string, shiftKey = false) => keyOf({ key, code, shiftKey });

  it('is what a Latin keyboard has there while one writes Hangul', () => {
    expect(pressed('ㅎ', 'KeyG')).toBe('g');
    expect(pressed('Process', 'Slash', true)).toBe('?');
    expect(pressed('Enter', 'Enter')).toBe('Enter');
  });

  it('is what it says on any other layout', () => {
    expect(pressed('a', 'KeyQ')).toBe('a');
    expect(pressed('?', 'Minus', true)).toBe('?');
  });
});

describe('heat', () => {
  it('grows with the time waited, from nothing to five', () => {
    expect([null, 0, 0.2, 0.5, 2, 5, 20, 1e4].map(heatOf)).toEqual([0, 1, 1, 2, 3, 4, 5, 5]);
  });
});
