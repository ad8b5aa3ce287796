import { beforeEach, describe, expect, it } from 'vitest';
import { enter, perSession, session } from '../src/api/session';
import type { Audited, Restart, TracedMessage } from '../src/api/types';
import { settled } from '../src/pages/trace';
import { says } from '../src/pages/supervision';
import { figures, past, remember } from '../src/state/figures';
import * as news from '../src/state/news';
import { askFor, bytesTooMany } from '../src/ui/action';

const restart = (n: number, at = n): Restart =>
  ({ n, at: new Date(Date.UTC(2026, 10, 23) + at * 1000).toISOString() }) as Restart;
const audited = (id: string, action: string): Audited =>
  ({ id, action, at: '2026-11-23T09:00:00.000Z' }) as Audited;
const numbers = (of: readonly Restart[]): number[] => of.map((one) => one.n);

beforeEach(() => enter({ token: 'a', operator: 'kim' }));

describe('news', () => {
  it('that the list and the feed both tell is there once, the newest first', () => {
    news.addRestarts([restart(2), restart(1)]);
    news.tellRestart(restart(3));
    news.addRestarts([restart(3), restart(2), restart(1)]);
    expect(numbers(news.restarts.value)).toEqual([3, 2, 1]);
    expect(numbers(news.untold.value)).toEqual([3]);
  });

  it('is what came last, where two say they are the same', () => {
    news.addActions([audited('pickup/0:5', 'kill')]);
    news.addActions([audited('pickup/0:5', 'trip')]);
    expect(news.actions.value.map((one) => one.action)).toEqual(['trip']);
  });

  it('ends where a restart is missing, until that has been asked for', () => {
    news.addRestarts([restart(2), restart(1)]);
    news.addRestarts([restart(6), restart(5)]);
    expect(numbers(news.restarts.value)).toEqual([6, 5]);
    news.addRestarts([restart(4), restart(3), restart(2), restart(1)]);
    expect(numbers(news.restarts.value)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('ends where the numbers begin again', () => {
    news.addRestarts([restart(2), restart(1)]);
    news.addRestarts([restart(1, 60)]);
    expect(news.restarts.value).toEqual([restart(1, 60)]);
  });

  it('of another process is not mixed with that of the last', () => {
    news.tellLife('2026-11-23T09:00:00.000Z');
    news.tellRestart(restart(1));
    news.tellLife(null);
    news.tellLife('2026-11-23T09:00:00.000Z');
    expect(news.restarts.value).toHaveLength(1);
    news.tellLife('2026-11-23T10:00:00.000Z');
    expect([news.restarts.value, news.actions.value, news.untold.value]).toEqual([[], [], []]);
  });
});

describe('another session', () => {
  it('begins with nothing of the last one', () => {
    const own = perSession(1);
    own.value = 2;
    news.tellRestart(restart(1));
    news.tellAction(audited('pickup/0:5', 'kill'));
    remember({ at: '', version: '', startedAt: null, ready: true, notReady: [], metrics: [] });
    askFor({ path: '/admin/drain', action: 'drain', object: '' });
    enter(null);
    expect(own.value).toBe(1);
    expect([news.restarts.value, news.actions.value, news.untold.value]).toEqual([[], [], []]);
    expect([figures.value, past.value, session.value]).toEqual([null, [], null]);
  });
});

describe('a reason', () => {
  it('may be as long as the server takes it, in bytes', () => {
    expect(bytesTooMany('a'.repeat(200))).toBe(0);
    expect(bytesTooMany('가'.repeat(66))).toBe(0);
    expect(bytesTooMany('가'.repeat(67))).toBe(1);
  });
});

describe('a list', () => {
  it('is narrowed to what says all the words somewhere', () => {
    const story = { n: 7, child: '17', actor: { kind: 'call', id: 'pickup:17' } };
    expect(says(story, '')).toBe(true);
    expect(says(story, 'PICKUP:17 call')).toBe(true);
    expect(says(story, 'call taxi')).toBe(false);
  });
});

describe('a trace', () => {
  const message = (tookMs: number | null) => ({ tookMs }) as TracedMessage;

  it('is asked again from the first message that is under way', () => {
    expect(settled([])).toBe(0);
    expect(settled([message(1), message(2)])).toBe(2);
    expect(settled([message(1), message(null), message(2)])).toBe(1);
  });
});
