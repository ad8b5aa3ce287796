import { beforeEach, describe, expect, test } from 'vitest';
import type { Figures } from '../src/api/types';
import { past, rate, rates, remember, samples } from '../src/state/figures';

const METRIC = 'pickupd_calls_created_total';

/** What the feed tells `second` seconds after the start, with so many calls made. */
const told = (second: number, calls: number, startedAt = 'a'): Figures =>
  ({
    at: new Date(Date.UTC(2026, 10, 23) + second * 1000).toISOString(),
    startedAt,
    metrics: [
      { name: METRIC, labels: { service: 'pickup' }, value: calls - 2 },
      { name: METRIC, labels: { service: 'taxi' }, value: 2 },
    ],
  }) as unknown as Figures;

beforeEach(() => {
  past.value = [];
});

describe('how fast a counter grows', () => {
  test('is not known before two samples came', () => {
    expect(rate(METRIC)).toBeNull();
    remember(told(0, 10));
    expect(rate(METRIC)).toBeNull();
  });

  test('is by the time between the samples, not by their number', () => {
    remember(told(0, 10));
    remember(told(2, 20));
    remember(told(4, 50));
    expect(rate(METRIC)).toBe(10);
    expect(rate(METRIC, { service: 'taxi' })).toBe(0);
  });

  test('is of the last samples', () => {
    for (let second = 0; second <= 10; second++)
      remember(told(second, second <= 5 ? 10 : 10 + 30 * (second - 5)));
    expect(rate(METRIC)).toBe(30);
  });

  test('begins anew with another life of the server', () => {
    remember(told(0, 1000));
    remember(told(1, 0, 'b'));
    expect(rate(METRIC)).toBeNull();
    remember(told(2, 5, 'b'));
    expect(rate(METRIC)).toBe(5);
  });

  test('is drawn sample by sample', () => {
    remember(told(0, 10));
    remember(told(1, 14));
    remember(told(3, 20));
    const [times, values] = rates(METRIC);
    expect(times.map((one) => one - times[0]!)).toEqual([0, 2]);
    expect(values).toEqual([4, 3]);
  });

  test('is not made up for a time nobody told of', () => {
    remember(told(0, 10));
    remember(told(1, 14));
    remember(told(60, 500));
    expect(rate(METRIC)).toBeNull();
    remember(told(61, 507));
    expect(rate(METRIC)).toBe(7);
    expect(rates(METRIC)[1]).toEqual([4, null, 7]);
  });
});

test('of what is not drawn over time no past is kept', () => {
  remember({
    ...told(0, 10),
    metrics: [...told(0, 10).metrics, { name: 'pickupd_retained_calls', labels: {}, value: 1 }],
  });
  expect([...past.value[0]!.samples.keys()]).toEqual([METRIC]);
  expect(samples.value.get('pickupd_retained_calls')).toHaveLength(1);
});
