// The supervision tree. Of thousands of calls and couriers it shows those that crashed or do not
// run; the others are counted.
import type { ActorId, TreeNode } from '../api/types';
import { text } from '../i18n';
import { count, duration } from '../lib/format';
import { actorLink } from '../lib/router';
import { Badge, State } from '../ui/badge';
import { Asked, Card } from '../ui/parts';
import { usePoll } from '../ui/poll';

function Counts({ of }: { of: NonNullable<TreeNode['counts']> }) {
  const t = text.value;
  const odd = (['restarting', 'quarantined', 'zombies'] as const).filter((key) => of[key] > 0);
  return (
    <>
      <span class="num">{t.actors.active(count(of.active))}</span>
      {odd.map((key) => (
        <Badge key={key} tone={key === 'restarting' ? 'warn' : 'bad'}>
          {count(of[key])} {t.states[key] ?? key}
        </Badge>
      ))}
    </>
  );
}

// To their supervisor calls and couriers are mere numbers.
const nameOf = (child: TreeNode, actor: ActorId): string =>
  /^\d+$/.test(child.name) ? `${actor.kind} ${actor.id}` : child.name;

function Line({ of }: { of: TreeNode }) {
  const t = text.value.actors;
  return (
    <div class="tree-line">
      <span class={`tree-mark ${of.type}`} aria-hidden="true" />
      {of.actor ? (
        <a href={actorLink(of.actor)}>{nameOf(of, of.actor)}</a>
      ) : (
        <strong>{of.name}</strong>
      )}
      <State of={of.state} />
      {of.counts && <Counts of={of.counts} />}
      {of.restarts > 0 && (
        <Badge tone="warn">
          {text.value.supervision.restarts} {count(of.restarts)}
        </Badge>
      )}
      {of.backoffMs !== null && <span class="hint">{t.backoff(duration(of.backoffMs))}</span>}
      {of.strategy && (
        <span class="hint tree-how">
          {of.strategy} ·{' '}
          {t.intensity(count(of.restartsLeft), count(of.intensity), duration(of.periodMs))}
        </span>
      )}
    </div>
  );
}

function Branch({ of }: { of: TreeNode }) {
  return (
    <li>
      <Line of={of} />
      {of.children && of.children.length > 0 && (
        <ul>
          {of.children.map((child) => (
            <Branch key={child.name} of={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

export function Tree() {
  const polled = usePoll<{ root: TreeNode }>('/admin/tree', {}, 2_000);
  const { data } = polled;
  return (
    <Card>
      <Asked of={polled} />
      {data && (
        <ul class="tree">
          <Branch of={data.root} />
        </ul>
      )}
    </Card>
  );
}
