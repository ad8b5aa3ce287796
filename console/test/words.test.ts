// Every name the server may say of a state has a word in both languages. The names are read where
// the server has them: one that is added there is missed here.
import { describe, expect, it } from 'vitest';
import { en } from '../src/i18n/en';
import { ko } from '../src/i18n/ko';
import { namesOf, source } from './sources';

/** What a function returns as text. */
function returnedBy(path: string, signature: string): string[] {
  const text = source(path);
  const begin = text.indexOf(signature);
  const body = begin < 0 ? '' : text.slice(begin, text.indexOf('\n}', begin));
  return [...body.matchAll(/"([A-Za-z_]+)"/g)]
    .map((found) => found[1]!)
    .filter((name) => name !== 'dispatcher');
}

/** The actions of the API's page: the last part of each path in their table. */
function actionsOf(page: string): string[] {
  const table = source(page).split('## Actions')[1] ?? '';
  const paths = table.split('\n').filter((line) => line.startsWith('| `/admin'));
  return paths.flatMap((line) =>
    [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map((found) =>
      found[1]!.replace(/\?.*/, '').split('/').at(-1)!,
    ),
  );
}

const phases = namesOf('domain/call.cpp', 'phase');
const NAMES: Record<string, [string[], (of: typeof en) => Record<string, string>]> = {
  'phases of calls': [phases, (of) => of.phases],
  'standings of couriers': [
    returnedBy('domain/courier.cpp', 'std::string_view standing('),
    (of) => of.states,
  ],
  'states of children': [
    [...namesOf('supervision/management.cpp', 'child_state'), 'unanswered', 'zombies'],
    (of) => of.states,
  ],
  'states of actors': [
    returnedBy('actors/actor_figures.cpp', 'std::string state_of('),
    (of) => of.states,
  ],
  'states of breakers': [namesOf('supervision/breaker.cpp', 'breaker_state'), (of) => of.states],
  'outcomes of crashes': [
    namesOf('supervision/management.cpp', 'verdict'),
    (of) => of.supervision.outcomes,
  ],
  'verdicts about couriers': [
    namesOf('domain/explanation.cpp', 'verdict'),
    (of) => of.explain.verdicts,
  ],
  classes: [namesOf('domain/service.cpp', 'service_class'), (of) => of.classes],
  actions: [[...actionsOf('docs/operator-api.md'), 'failed'], (of) => of.action.names],
};

describe('there is a word for all', () => {
  for (const [what, [names, words]] of Object.entries(NAMES))
    it(what, () => {
      expect(names.length, 'names found').toBeGreaterThan(3);
      for (const dictionary of [en, ko])
        expect(Object.keys(words(dictionary))).toEqual(expect.arrayContaining(names));
    });
});

it('both languages have the same words', () => {
  const keys = (of: object, at = ''): string[] =>
    Object.entries(of).flatMap(([key, value]) =>
      typeof value === 'object' ? keys(value as object, `${at}${key}.`) : `${at}${key}`,
    );
  expect(keys(ko).sort()).toEqual(keys(en).sort());
});
