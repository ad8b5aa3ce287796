// The cards of the overview that are lists: mailboxes, stages, breakers, shards, the node itself.
import type { ComponentChildren } from 'preact';
import { text } from '../i18n';
import { bytes, duration } from '../lib/format';
import { link } from '../lib/router';
import { select, sum, valuesOf } from '../lib/samples';
import { figures, samples } from '../state/figures';
import { ActionButton } from '../ui/action';
import { Badge, State } from '../ui/badge';
import { Figure } from '../ui/figure';
import { Heat, HeatScale } from '../ui/heat';
import { Card } from '../ui/parts';
import { Table } from '../ui/table';

const WAIT = 'pickupd_mailbox_wait_seconds';
const HANDLER = 'pickupd_handler_seconds';

export function Mailboxes() {
  const t = text.value.overview;
  const kinds = valuesOf(samples.value, 'pickupd_mailbox_depth', 'actor');
  return (
    <Card title={t.mailboxes} hint={t.mailboxesHint} class="mailboxes">
      <Table
        label={t.mailboxes}
        rows={kinds}
        keyOf={(actor) => actor}
        empty={text.value.nothing}
        columns={[
          {
            head: t.actor,
            cell: (actor) => <a href={link(['actors', 'top'], { kind: actor })}>{actor}</a>,
          },
          {
            head: t.depth,
            number: true,
            cell: (actor) => <Figure metric="pickupd_mailbox_depth" labels={{ actor }} />,
          },
          {
            head: t.highWater,
            number: true,
            cell: (actor) => <Figure metric="pickupd_mailbox_high_water" labels={{ actor }} />,
          },
          {
            head: t.wait,
            number: true,
            cell: (actor) => <Figure metric={WAIT} labels={{ actor }} how="quantile" q={0.99} />,
          },
          {
            head: t.handler,
            number: true,
            cell: (actor) => <Figure metric={HANDLER} labels={{ actor }} how="quantile" q={0.99} />,
          },
          {
            head: t.rejected,
            number: true,
            cell: (actor) => <Figure metric="pickupd_mailbox_rejected_total" labels={{ actor }} />,
          },
          { head: t.lastMinute, cell: (actor) => <Heat metric={WAIT} labels={{ actor }} /> },
        ]}
      />
      <HeatScale />
    </Card>
  );
}

export function Stages() {
  const t = text.value.overview;
  const stages = [
    { key: 'manage', name: t.manage, hint: t.manageHint },
    { key: 'assign', name: t.assign, hint: t.assignHint },
  ];
  return (
    <Card title={t.stages}>
      <ul class="rows">
        {stages.map(({ key, name, hint }) => {
          const paused = sum(samples.value, 'pickupd_stage_paused', { stage: key });
          const next = paused ? 'resume' : 'pause';
          return (
            <li key={key}>
              <div>
                <strong>{name}</strong>
                <span class="hint">{hint}</span>
              </div>
              <span
                data-metric="pickupd_stage_paused"
                data-how="word"
                data-labels={JSON.stringify({ stage: key })}
              >
                {paused === null ? null : paused ? (
                  <Badge tone="bad">{t.paused}</Badge>
                ) : (
                  <Badge tone="good">{t.running}</Badge>
                )}
              </span>
              <ActionButton
                name={paused ? t.resume : t.pause}
                ask={{ path: `/admin/stages/${key}/${next}`, action: next, object: key }}
              />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

export function Breakers() {
  const t = text.value.overview;
  const metric = 'pickupd_breaker_state';
  return (
    <Card title={t.breakers}>
      <ul class="rows">
        {valuesOf(samples.value, metric, 'breaker').map((breaker) => {
          const state = select(samples.value, metric, { breaker }).find((one) => one.value === 1)
            ?.labels['state'];
          return (
            <li key={breaker}>
              <a href={link(['breakers'])}>{breaker}</a>
              {state && (
                <span
                  data-metric={metric}
                  data-how="word"
                  data-labels={JSON.stringify({ breaker })}
                >
                  <State of={state} />
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

export function Shards() {
  const t = text.value.overview;
  const figure = (metric: string) => (shard: string) => (
    <Figure metric={metric} labels={{ shard }} />
  );
  return (
    <Card title={t.shards}>
      <Table
        label={t.shards}
        rows={valuesOf(samples.value, 'pickupd_calls_waiting', 'shard')}
        keyOf={(shard) => shard}
        empty={text.value.nothing}
        columns={[
          { head: t.shard, cell: (shard) => shard },
          { head: t.room, number: true, cell: figure('pickupd_couriers_free') },
          { head: text.value.pages.couriers, number: true, cell: figure('pickupd_couriers') },
          { head: t.jobs, number: true, cell: figure('pickupd_jobs') },
          { head: t.confirmed, number: true, cell: figure('pickupd_calls_confirmed') },
          { head: t.waitingShort, number: true, cell: figure('pickupd_calls_waiting') },
          { head: t.scheduled, number: true, cell: figure('pickupd_calls_scheduled') },
        ]}
      />
    </Card>
  );
}

function Row({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Machine() {
  const t = text.value.overview;
  const now = figures.value;
  const up = now?.startedAt ? Date.parse(now.at) - Date.parse(now.startedAt) : null;
  const available = sum(samples.value, 'pickupd_storage_available');
  return (
    <Card title={t.machine}>
      <dl class="facts one">
        <Row name={t.uptime}>
          <span class="num">{duration(up)}</span>
        </Row>
        <Row name={t.connections}>
          <Figure metric="pickupd_http_connections" />
        </Row>
        <Row name={t.requests}>
          <Figure metric="pickupd_http_requests_total" how="rate" />
          {t.perSecond}
        </Row>
        <Row name={t.post}>
          <Figure
            metric="pickupd_http_request_seconds"
            labels={{ method: 'POST' }}
            how="quantile"
            q={0.99}
          />
        </Row>
        <Row name={t.commits}>
          <Figure metric="pickupd_journal_commits_total" how="rate" />
          {t.perSecond}
        </Row>
        <Row name={t.commit}>
          <Figure metric="pickupd_commit_seconds" how="quantile" q={0.99} />
        </Row>
        <Row name={t.looking}>
          <Figure metric="pickupd_operator_cpu_seconds_total" how="share" /> {t.ofProcessor}
        </Row>
        <Row name={t.disk}>
          {available === 0 && <Badge tone="bad">{t.notTaking}</Badge>}{' '}
          <span class="num">{bytes(sum(samples.value, 'pickupd_storage_free_bytes'))}</span>
        </Row>
      </dl>
    </Card>
  );
}
