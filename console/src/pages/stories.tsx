// Restarts as the server tells them, one paragraph each.
import type { Restart } from '../api/types';
import { text, word } from '../i18n';
import { actorLink } from '../lib/router';
import { Badge, toneOf } from '../ui/badge';
import { Time } from '../ui/parts';

export function Stories({ of, empty }: { of: readonly Restart[]; empty: string }) {
  const t = text.value.supervision;
  if (!of.length) return <p class="quiet pad">{empty}</p>;
  return (
    <ol class="stories">
      {of.map((one) => (
        <li key={`${one.n} ${one.at}`} data-restart={one.n}>
          <header>
            <span class="num quiet">{one.n}</span>
            <Time at={one.at} fine />
            <Badge tone={toneOf(one.outcome)}>{word(t.outcomes, one.outcome)}</Badge>
            {one.actor ? (
              <a href={actorLink(one.actor)}>
                {one.actor.kind} {one.actor.id}
              </a>
            ) : (
              <strong>{one.child}</strong>
            )}
            {one.causedBy !== null && <span class="hint">{t.causedBy(one.causedBy)}</span>}
          </header>
          <p>{text.value.told.story(one)}</p>
        </li>
      ))}
    </ol>
  );
}
