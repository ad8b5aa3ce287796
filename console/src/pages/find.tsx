// What was searched for, where it may belong to either service: both count their calls from 1.
import { useEffect } from 'preact/hooks';
import type { Call, Service } from '../api/types';
import { text } from '../i18n';
import { count } from '../lib/format';
import { isNumber, link } from '../lib/router';
import { Asked, Card, PageHead } from '../ui/parts';
import { usePoll } from '../ui/poll';

interface Found {
  calls: Call[];
  total: number;
}

/** The newest call tells which numbers there have been; asking for one that is not is an error. */
const has = (found: Found, asked: string): boolean =>
  isNumber(asked) ? Number(asked) <= (found.calls[0]?.id ?? 0) : found.total > 0;

const addressOf = (service: Service, asked: string): string =>
  isNumber(asked) ? link(['calls', service, asked]) : link(['calls', service], { tel: asked });

export function Find({ asked }: { asked: string }) {
  const t = text.value.calls;
  const tel = isNumber(asked) ? '' : asked;
  const pickup = usePoll<Found>('/admin/calls', { service: 'pickup', tel, size: 1 });
  const taxi = usePoll<Found>('/admin/calls', { service: 'taxi', tel, size: 1 });
  const known = pickup.data && taxi.data ? { pickup: pickup.data, taxi: taxi.data } : null;
  const found = known
    ? (['pickup', 'taxi'] as const).filter((service) => has(known[service], asked))
    : [];
  const only = found.length === 1 ? addressOf(found[0]!, asked) : null;
  useEffect(() => {
    // In this page's place: the way back leads to where one searched.
    if (only) location.replace(only);
  }, [only]);
  return (
    <>
      <PageHead title={isNumber(asked) ? t.title(asked) : asked} />
      <Asked of={pickup.data ? taxi : pickup} />
      {known && (
        <Card>
          {found.length ? (
            <ul class="rows">
              {found.map((service) => (
                <li key={service}>
                  <a href={addressOf(service, asked)}>
                    {isNumber(asked) ? t.whole(t[service], asked) : t[service]}
                  </a>
                  {tel && <span class="quiet num">{t.total(count(known[service].total))}</span>}
                </li>
              ))}
            </ul>
          ) : (
            <p class="quiet pad">{t.none}</p>
          )}
        </Card>
      )}
    </>
  );
}
