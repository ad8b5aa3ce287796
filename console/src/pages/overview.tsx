// The node at one glance. Every figure of it is a metric of the feed; see Figure.
import { text } from '../i18n';
import { perSecond } from '../lib/format';
import { past, rate, rates, type KeptMetric } from '../state/figures';
import { Chart } from '../ui/chart';
import { Figure } from '../ui/figure';
import { Card, PageHead } from '../ui/parts';
import { Spark } from '../ui/spark';
import { Breakers, Machine, Mailboxes, Shards, Stages } from './overview_parts';

const CREATED = 'pickupd_calls_created_total';
const REFUSED = 'pickupd_calls_refused_total';

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
  metric: KeptMetric;
  /** What else belongs to it: metrics and what they are. */
  beside: readonly (readonly [string, string])[];
}

function Tile({ title, metric, beside }: TileProps) {
  return (
    <section class="card tile" aria-label={title}>
      <h2>{title}</h2>
      <p class="tile-figure">
        <Figure metric={metric} class="large" />
        <Spark metric={metric} />
      </p>
      <p class="hint">
        {beside.map(([one, name], i) => (
          <span key={one}>
            {i > 0 && ' · '}
            <Figure metric={one} /> {name}
          </span>
        ))}
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
  return (
    <>
      <PageHead title={text.value.pages.overview} />
      <div class="tiles">
        <Tile
          title={t.waiting}
          metric="pickupd_calls_waiting"
          beside={[['pickupd_calls_scheduled', t.scheduled]]}
        />
        <Tile
          title={t.confirmed}
          metric="pickupd_calls_confirmed"
          beside={[['pickupd_call_actors', t.liveCalls]]}
        />
        <Tile
          title={t.free}
          metric="pickupd_couriers_free"
          beside={[['pickupd_couriers', t.ofCouriers]]}
        />
        <Latency />
        <Tile
          title={t.backlog}
          metric="pickupd_messages_backlog"
          beside={[['pickupd_dead_letters', t.dead]]}
        />
        <Tile
          title={t.restarts}
          metric="pickupd_actor_restarts_total"
          beside={[
            ['pickupd_calls_quarantined', t.quarantinedCalls],
            ['pickupd_couriers_quarantined', t.quarantinedCouriers],
          ]}
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
