// The node at one glance. Every figure of it is a metric of the feed; see Figure.
import { text } from '../i18n';
import { perSecond } from '../lib/format';
import { sum } from '../lib/samples';
import { past, rate, rates, samples } from '../state/figures';
import { Chart } from '../ui/chart';
import { Figure } from '../ui/figure';
import { Card, PageHead } from '../ui/parts';
import { Spark } from '../ui/spark';
import { Breakers, Machine, Mailboxes, Shards, Stages } from './overview_parts';

const CREATED = 'pickupd_calls_created_total';
const REFUSED = 'pickupd_calls_refused_total';
// Only where messages go to a provider; a message file takes them all.
const DEAD = 'pickupd_messages_dead_total';

function Rate() {
  const t = text.value.overview;
  const [times, accepted] = rates(CREATED);
  const [, refused] = rates(REFUSED);
  return (
    <Card title={t.callsRate} class="rate">
      <div class="rate-now">
        <p>
          <Figure metric={CREATED} how="rate" class="large" />
          <i class="key line-1" aria-hidden="true" />
          <span class="hint">{t.accepted}</span>
        </p>
        <p>
          <Figure metric={REFUSED} how="rate" class="large" />
          <i class="key line-2" aria-hidden="true" />
          <span class="hint">{t.refused}</span>
        </p>
        <p class="rate-total">
          <Figure metric={CREATED} />
          <span class="hint">{t.sinceStart}</span>
        </p>
      </div>
      <Chart
        label={t.chartLabel(perSecond(rate(CREATED)))}
        times={times}
        height={190}
        lines={[
          { name: t.accepted, colour: 'line-1', values: accepted },
          { name: t.refused, colour: 'line-2', values: refused },
        ]}
      />
    </Card>
  );
}

interface TileProps {
  title: string;
  metric: string;
  second: string;
  secondMetric: string;
}

function Tile({ title, metric, second, secondMetric }: TileProps) {
  return (
    <section class="card tile" aria-label={title}>
      <h2>{title}</h2>
      <p class="tile-figure">
        <Figure metric={metric} class="large" />
        <Spark metric={metric} />
      </p>
      <p class="hint">
        <Figure metric={secondMetric} /> {second}
      </p>
    </section>
  );
}

function Latency() {
  const t = text.value.overview;
  const metric = 'pickupd_assignment_seconds';
  return (
    <section class="card tile" aria-label={t.assignment}>
      <h2>{t.assignment}</h2>
      <p class="tile-figure">
        <Figure metric={metric} how="quantile" q={0.99} class="large" />
      </p>
      <p class="hint">
        <Figure metric={metric} how="quantile" q={0.5} /> {t.assignmentHint}
      </p>
    </section>
  );
}

export function Overview() {
  const t = text.value.overview;
  // Read here, so that one figure coming renders the page once.
  void past.value;
  const dead = sum(samples.value, DEAD) !== null;
  return (
    <>
      <PageHead title={text.value.pages.overview} />
      <div class="tiles">
        <Tile
          title={t.waiting}
          metric="pickupd_calls_waiting"
          second={t.scheduled}
          secondMetric="pickupd_calls_scheduled"
        />
        <Tile
          title={t.confirmed}
          metric="pickupd_jobs"
          second={t.liveCalls}
          secondMetric="pickupd_call_actors"
        />
        <Tile
          title={t.free}
          metric="pickupd_couriers_free"
          second={t.ofCouriers}
          secondMetric="pickupd_couriers"
        />
        <Latency />
        <Tile
          title={t.backlog}
          metric="pickupd_messages_backlog"
          second={dead ? t.dead : t.sent}
          secondMetric={dead ? DEAD : 'pickupd_messages_sent_total'}
        />
        <Tile
          title={t.restarts}
          metric="pickupd_actor_restarts_total"
          second={t.quarantined}
          secondMetric="pickupd_calls_quarantined_total"
        />
      </div>
      <div class="overview-grid">
        <div class="stack">
          <Rate />
          <Mailboxes />
          <Shards />
        </div>
        <div class="stack">
          <Stages />
          <Breakers />
          <Machine />
        </div>
      </div>
    </>
  );
}
