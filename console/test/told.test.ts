// What the server tells in English is told in Korean too, with all that it says: every outcome,
// verdict and effect that its sources have. One that is added there is missed here.
import { describe, expect, it } from 'vitest';
import type { Considered, Effect, Explanation, Restart, TimelineEvent } from '../src/api/types';
import { en } from '../src/i18n/en';
import { ko } from '../src/i18n/ko';
import { namesOf, source } from './sources';

/** Nothing in it is English but these names. */
function expectKorean(said: string, names: readonly string[] = []): void {
  for (const name of names) expect(said).toContain(name);
  const rest = names.reduce((left, name) => left.replaceAll(name, ''), said);
  expect(rest).toMatch(/[가-힣]/);
  expect(rest).not.toMatch(/[A-Za-z]/);
}

describe('a story', () => {
  const plain: Restart = {
    n: 8,
    at: '2026-11-23T09:00:00.000Z',
    supervisor: 'calls pickup/0',
    child: '1099511627777',
    actor: { kind: 'call', id: 'pickup:1' },
    incarnation: 0,
    message: null,
    reason: 'no such row',
    by: null,
    outcome: 'restarts',
    siblings: [],
    causedBy: null,
    story: 'call pickup:1 ended.',
  };
  const { story } = ko.told;
  const outcomes = namesOf('supervision/management.cpp', 'verdict') as Restart['outcome'][];

  it('is told of every outcome', () => {
    expect(outcomes.length).toBeGreaterThan(3);
    const all = outcomes.map((outcome) => story({ ...plain, outcome }));
    for (const one of all) expectKorean(one, ['call pickup:1', 'no such row', 'calls pickup/0']);
    expect(new Set(all).size).toBe(outcomes.length);
  });

  it('says who ordered it, what was handled, what led to it and who is started too', () => {
    expectKorean(story({ ...plain, by: 'kim' }).replace('kim', '김'), [
      'call pickup:1',
      'no such row',
      'calls pickup/0',
    ]);
    expect(story({ ...plain, by: 'kim', reason: 'killed' })).toBe(
      'call pickup:1 액터가 운영자 kim의 지시로 끝났습니다: 강제 종료. 감독자(calls pickup/0)가 다시 시작합니다.',
    );
    expect(
      story({ ...plain, message: 'dispatched', incarnation: 2, causedBy: 7, siblings: ['a', 'b'] }),
    ).toBe(
      'call pickup:1 액터가 dispatched 처리 중에 크래시했습니다: no such row. 그 전에 2번 재시작되었습니다. ' +
        '재시작 7번에서 비롯된 일입니다. 감독자(calls pickup/0)가 다시 시작하고, a, b도 함께 시작합니다.',
    );
    expect(story({ ...plain, actor: null, child: 'calls pickup/0', supervisor: 'root' })).toBe(
      '감독자(calls pickup/0)가 끝났습니다: no such row. 감독자(root)가 다시 시작합니다.',
    );
  });

  it('is the server’s in English, or when its outcome is not known', () => {
    expect(en.told.story(plain)).toBe(plain.story);
    expect(story({ ...plain, outcome: 'melts' as Restart['outcome'] })).toBe(plain.story);
  });

  it('knows the reasons that the server has of its own', () => {
    const own = [
      'actors/behaving.hpp',
      'actors/node_operation.cpp',
      'actors/restart_log.cpp',
    ].flatMap((path) =>
      [...source(path).matchAll(/(?:return|told_to_\w+ =) "([a-z: ]+)";/g)].map(
        (found) => found[1]!,
      ),
    );
    expect(own).toHaveLength(4);
    for (const one of own) expectKorean(ko.told.reason(one));
    expect(ko.told.reason('no such row')).toBe('no such row');
  });
});

describe('why somebody was chosen, or not', () => {
  const one: Considered = {
    courierId: 6,
    distance: 100,
    lat: 37.5,
    lng: 127,
    load: 0,
    capacity: 20,
    idleSince: null,
    verdict: 'chosen',
    why: 'the nearest who could come',
  };
  const other = { ...one, courierId: 9, distance: 1230.8, load: 3 };
  const of: Explanation = {
    assignment: 1,
    at: '2026-11-23T09:00:00.000Z',
    courierId: 6,
    how: 'nearest',
    distance: 100,
    lat: 37.5,
    lng: 127,
    class: 'under10kg',
    reach: 1000,
    considered: [one],
  };
  const { why } = ko.told;

  it('is told of every verdict', () => {
    const verdicts = namesOf('domain/explanation.cpp', 'verdict');
    expect(verdicts.length).toBeGreaterThan(3);
    for (const how of ['nearest', 'oldest_call'] as const) {
      const all = verdicts.map((verdict) => why({ ...of, how }, { ...other, verdict }));
      // Metres, and the kilograms of a class.
      for (const said of all) expectKorean(said.replaceAll(/(?<=\d) ?(m|kg)\b/g, ''));
      expect(new Set(all).size).toBe(verdicts.length);
    }
  });

  it('is told with its figures', () => {
    const told = (verdict: string): string => why(of, { ...other, verdict });
    expect(told('farther')).toBe('6번 기사보다 1130.8 m 더 멉니다');
    expect(told('more_loaded')).toMatch(/6번 기사.* 0건.* 3건/);
    expect(told('full')).toMatch(/3건/);
    expect(told('wrong_class')).toMatch(/10kg 이하/);
    expect(told('out_of_reach')).toMatch(/1230\.8 m.* 1000\.0 m/);
  });

  it('is the server’s in English, or when its verdict is not known', () => {
    expect(en.told.why(of, one)).toBe(one.why);
    expect(why(of, { ...one, verdict: 'asleep' })).toBe(one.why);
  });
});

describe('an effect', () => {
  const codes = namesOf('http/foresight.cpp', 'effect_code');
  const made = ['http/foresight.cpp', 'http/action_api.cpp'].map(source).join('\n');
  /** A value that a fact may have, and another one. */
  const FACTS: Record<string, readonly [string, string]> = {
    state: ['closed', 'open'],
    courier: ['7', '8'],
    phase: ['CONFIRMED', 'CANCELED'],
    message: ['RECEIVED', 'CANCELED'],
    load: ['3', '0'],
    supervisor: ['calls pickup/0', 'root'],
    calls: ['2', '1'],
    actors: ['41', '300'],
    dispatcher: ['true', 'false'],
    couriers: ['600', '0'],
    time: ['2s', '500ms'],
    service: ['pickup', 'taxi'],
  };
  const NAMES = FACTS.supervisor!;

  /** The facts the server gives with it: {effect_code::job_lost, "…", {{"courier", …}}} */
  function factsOf(code: string): string[] {
    const [, after] = made.split(new RegExp(`effect_code::${code},`));
    expect(after, `${code} is made`).toBeDefined();
    const [own] = after!.split(/effect_code::|;\n/);
    return [...own!.matchAll(/\{"(\w+)",/g)].map((found) => found[1]!);
  }

  const tell = (code: string, facts: Record<string, string>): string =>
    ko.told.effect({ code, text: 'something happens', facts });

  it('has all its codes found', () => {
    expect(codes.length).toBeGreaterThan(30);
    expect(factsOf('job_lost')).toEqual(['courier']);
    expect(factsOf('supervisor_restarted')).toEqual(['supervisor', 'actors', 'dispatcher']);
    expect(factsOf('turns_kept')).toEqual([]);
    const page = source('docs/operator-api.md');
    for (const name of [...codes, ...codes.flatMap(factsOf)]) expect(page).toContain(`\`${name}\``);
  });

  for (const code of codes)
    it(`is told with all that it says: ${code}`, () => {
      const names = factsOf(code);
      const facts = Object.fromEntries(names.map((name) => [name, FACTS[name]![0]]));
      const said = tell(code, facts);
      expectKorean(
        said,
        NAMES.filter((name) => said.includes(name)),
      );
      for (const name of names)
        expect(tell(code, { ...facts, [name]: FACTS[name]![1] }), name).not.toBe(said);
    });

  it('tells whether a dispatcher ends with its supervisor', () => {
    const facts = { supervisor: 'couriers pickup/0', actors: '300', dispatcher: 'false' };
    expect(tell('supervisor_restarted', facts)).toContain(
      '포기합니다: 그 아래 액터 300개가 함께 끝나고 모두 다시 시작됩니다',
    );
    expect(tell('supervisor_restarted', { ...facts, dispatcher: 'true' })).toContain(
      '포기합니다: 배차기를 포함해 그 아래 액터 300개가',
    );
  });

  it('is told of every message to a customer', () => {
    const messages = namesOf('domain/call.cpp', 'message');
    expect(messages.length).toBeGreaterThan(3);
    for (const message of messages) expectKorean(tell('customer_told', { message }));
  });

  it('is the server’s in English, or when its code is not known', () => {
    const one: Effect = { code: 'nothing', text: 'nothing: it is so already', facts: {} };
    expect(en.told.effect(one)).toBe(one.text);
    expect(tell('explodes', {})).toBe('something happens');
  });
});

describe('an event of a timeline', () => {
  const told = (from: TimelineEvent['source'], facts: TimelineEvent['facts']) =>
    ko.told.event({ ...said, source: from, facts });
  const said: TimelineEvent = {
    at: '2026-11-23T09:00:00.000Z',
    source: 'journal',
    title: 'PickupAssigned',
    detail: 'CONFIRMED, courier 6',
    correlationId: null,
    facts: {},
  };

  it('is told of every step, cause, message and its state', () => {
    const own = (pattern: RegExp): string[] =>
      [...source('domain/call.cpp').matchAll(pattern)].map((found) => found[1]!);
    const steps = own(/case event::\w+: return "(\w+)"/g);
    const causes = own(/case cause::\w+: return "(\w+)"/g);
    expect(steps.length).toBeGreaterThan(9);
    expect(causes.length).toBeGreaterThan(4);
    for (const step of steps)
      for (const service of ['Pickup', 'Taxi']) expectKorean(ko.told.step(service + step));
    for (const cause of causes) expectKorean(ko.told.cause(cause));
    const states = namesOf('storage/delivery.hpp', 'delivery_state');
    expect(states.length).toBeGreaterThan(6);
    for (const state of [...states, 'told'])
      expectKorean(told('message', { message: 'RECEIVED', state }).detail);
    for (const via of namesOf('notify/wire.cpp', 'carrier').filter((name) => name !== ''))
      expectKorean(told('message', { message: 'RECEIVED', state: 'accepted', via }).detail);
  });

  it('is told with all its facts', () => {
    expect(
      told('journal', {
        event: 'TaxiAssigned',
        phase: 'CONFIRMED',
        courier: '6',
        distance: '1079 m',
        cause: 'operator',
        reason: 'near',
      }),
    ).toEqual({
      title: '기사 할당',
      detail: '확정, 6번 기사, 거리 1079 m, 원인: 운영자, near',
    });
    expect(
      told('message', {
        message: 'CONFIRMED',
        state: 'accepted',
        via: 'sms',
        attempts: '2',
        code: '-3003',
      }),
    ).toEqual({
      title: '고객에게 알림: 기사 확정',
      detail: '접수, 문자, 시도 2번, 코드 -3003',
    });
    const message = { kind: 'call', id: 'pickup:1', message: 'dispatched' };
    expect(told('actor', { ...message, took: '0.040 ms', waited: '0.100 ms' })).toEqual({
      title: 'call pickup:1 액터: dispatched',
      detail: '처리 0.040 ms, 대기 0.100 ms',
    });
    expect(told('actor', { ...message, crashed: 'true' }).detail).toBe('처리 중, 액터가 크래시함');
    expect(
      told('http', { method: 'POST', path: '/pickupcalls', status: '201', took: '2.500 ms' }),
    ).toEqual({ title: 'POST /pickupcalls', detail: '201, 2.500 ms' });
  });

  it('has its facts in the docs', () => {
    const made = source('http/timeline.cpp').matchAll(/(?:fact|remark)\("(\w+)"/g);
    const names = new Set([...made].map((found) => found[1]!));
    expect(names.size).toBeGreaterThan(15);
    const [, table] = source('docs/operator-api.md').split('The facts of a timeline');
    for (const name of names) expect(table).toContain(`\`${name}\``);
  });

  it('is the server’s in English, or when its source is not known', () => {
    const { title, detail } = said;
    expect(en.told.event(said)).toEqual({ title, detail });
    expect(told('weather' as TimelineEvent['source'], {})).toEqual({ title, detail });
  });
});
