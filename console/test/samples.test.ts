import { describe, expect, it } from 'vitest';
import {
  buckets,
  byName,
  quantile,
  select,
  since,
  sum,
  valuesOf,
  windowed,
} from '../src/lib/samples';

const samples = byName([
  { name: 'waiting', labels: { shard: 'pickup/0' }, value: 3 },
  { name: 'waiting', labels: { shard: 'taxi/0' }, value: 4 },
  { name: 'wait_bucket', labels: { actor: 'call', le: '0.1' }, value: 10 },
  { name: 'wait_bucket', labels: { actor: 'call', le: '+Inf' }, value: 20 },
  { name: 'wait_bucket', labels: { actor: 'call', le: '0.5' }, value: 18 },
  { name: 'wait_bucket', labels: { actor: 'courier', le: '0.1' }, value: 2 },
  { name: 'wait_bucket', labels: { actor: 'courier', le: '0.5' }, value: 2 },
  { name: 'wait_bucket', labels: { actor: 'courier', le: '+Inf' }, value: 2 },
]);

describe('samples', () => {
  it('are summed over the labels that were not asked for', () => {
    expect(sum(samples, 'waiting')).toBe(7);
    expect(sum(samples, 'waiting', { shard: 'taxi/0' })).toBe(4);
  });

  it('that are missing make no 0', () => {
    expect(sum(samples, 'nobody_knows')).toBeNull();
    expect(select(samples, 'waiting', { shard: 'ship/0' })).toEqual([]);
  });

  it('tell the values of a label once each', () => {
    expect(valuesOf(samples, 'wait_bucket', 'actor')).toEqual(['call', 'courier']);
  });

  it('of a counter that began again make a gap, not a fall', () => {
    expect(windowed([1, 5, 2, null, 3])).toEqual([4, null, null, null]);
  });
});

describe('a quantile of buckets', () => {
  const of = (...counts: number[]) =>
    [0.1, 0.5, 1, Infinity].map((le, i) => ({ le, count: counts[i]! }));

  it('lies within the bucket of its rank, as if that were filled evenly', () => {
    expect(quantile(0.5, of(0, 10, 20, 20))).toBeCloseTo(0.5);
    expect(quantile(0.25, of(0, 20, 20, 20))).toBeCloseTo(0.2);
    expect(quantile(0.75, of(0, 10, 20, 20))).toBeCloseTo(0.75);
  });

  it('in the first bucket counts from 0', () => {
    expect(quantile(0.5, of(10, 10, 10, 10))).toBeCloseTo(0.05);
  });

  it('beyond the last bound is that bound', () => {
    expect(quantile(0.99, of(1, 1, 1, 100))).toBe(1);
  });

  it('of nothing is nothing', () => {
    expect(quantile(0.99, of(0, 0, 0, 0))).toBeNull();
    expect(quantile(0.99, [])).toBeNull();
    expect(quantile(0.99, [{ le: Infinity, count: 5 }])).toBeNull();
  });

  it('takes buckets of several series together, in order of their bounds', () => {
    expect(buckets(samples, 'wait')).toEqual([
      { le: 0.1, count: 12 },
      { le: 0.5, count: 20 },
      { le: Infinity, count: 22 },
    ]);
    expect(buckets(samples, 'wait', { actor: 'courier' })[0]).toEqual({ le: 0.1, count: 2 });
  });

  it('can be of what came since an earlier sample', () => {
    expect(since(of(5, 8, 9, 9), of(5, 5, 5, 5)).map((one) => one.count)).toEqual([0, 3, 4, 4]);
    expect(since(of(5, 8, 9, 9), [])).toEqual(of(5, 8, 9, 9));
  });
});
