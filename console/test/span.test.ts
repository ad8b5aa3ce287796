import { describe, expect, it } from 'vitest';
import { spanOf } from '../src/lib/span';

describe('the time a chart shows', () => {
  it('is a minute when less is known', () => {
    expect(spanOf([1_000, 1_010], 1_000, 1_010)).toEqual([950, 1_010]);
  });

  it('is all of it, or what was chosen, when that is more', () => {
    const times = [1_000, 1_100, 1_200];
    expect(spanOf(times, 1_000, 1_200)).toEqual([1_000, 1_200]);
    expect(spanOf(times, 1_020, 1_190)).toEqual([1_020, 1_190]);
  });

  it('ends with a single moment, whatever is proposed', () => {
    expect(spanOf([1_000], 1_000, 86_401_000)).toEqual([940, 1_000]);
  });

  it('ends now when nothing is known', () => {
    const [from, to] = spanOf([], null, null);
    expect(to).toBeCloseTo(Date.now() / 1000, 0);
    expect(to - from).toBe(60);
  });
});
