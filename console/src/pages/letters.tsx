// What did not arrive: messages to customers, and messages and calls there was no room for.
import type { DeadLetter, Rejects } from '../api/types';
import { text, word } from '../i18n';
import { count, shownOf } from '../lib/format';
import { link } from '../lib/router';
import { Badge } from '../ui/badge';
import { Card, PageHead, Time } from '../ui/parts';
import { usePoll, type Polled } from '../ui/poll';
import { Table } from '../ui/table';

// More would not be read here.
const MOST = 200;

interface DeadLetters {
  deadLetters: DeadLetter[];
  total: number;
}

function Letterbox() {
  const t = text.value.letters;
  const asked = { limit: MOST };
  const polled = usePoll<DeadLetters>('/admin/dead-letters', asked, 3_000);
  const { data } = polled;
  return (
    <>
      <Table
        label={t.title}
        rows={data?.deadLetters ?? null}
        keyOf={(one) => `${one.service} ${one.intent}`}
        empty={t.none}
        from={polled}
        columns={[
          { head: text.value.calls.at, cell: (one) => <Time at={one.at} /> },
          { head: text.value.calls.service, cell: (one) => text.value.calls[one.service] },
          {
            head: t.call,
            cell: (one) => <a href={link(['calls', one.service, one.call])}>{one.call}</a>,
          },
          { head: t.kind, cell: (one) => one.kind },
          { head: text.value.calls.tel, cell: (one) => <span class="num">{one.tel}</span> },
          { head: t.via, cell: (one) => one.via },
          { head: t.code, cell: (one) => <code>{one.code}</code> },
          { head: t.state, cell: (one) => <Badge tone="bad">{word(t.states, one.state)}</Badge> },
          { head: t.reason, cell: (one) => one.reason, wrap: true },
        ]}
      />
      {data && data.total > 0 && (
        <footer class="card-foot">
          <span class="quiet num">{t.total(shownOf(data.deadLetters.length, data.total))}</span>
        </footer>
      )}
    </>
  );
}

interface Counted {
  of: string[];
  count: number;
}

function Counts({
  title,
  heads,
  rows,
  from,
}: {
  title: string;
  heads: string[];
  rows: Counted[] | null;
  from: Polled<Rejects>;
}) {
  return (
    <Card title={title}>
      <Table
        label={title}
        rows={rows}
        from={from}
        keyOf={(one) => one.of.join()}
        empty={text.value.none}
        columns={[
          ...heads.map((head, i) => ({ head, cell: (one: Counted) => one.of[i] })),
          { head: text.value.letters.count, cell: (one) => count(one.count), number: true },
        ]}
      />
    </Card>
  );
}

export function Letters() {
  const t = text.value.letters;
  const polled = usePoll<Rejects>('/admin/rejects', {}, 3_000);
  const { data } = polled;
  return (
    <>
      <PageHead title={text.value.pages.letters} />
      <Card title={t.title}>
        <Letterbox />
      </Card>
      <h2 class="apart">{t.rejects}</h2>
      <div class="thirds">
        <Counts
          title={t.calls}
          from={polled}
          heads={[t.cause]}
          rows={data?.calls.map((one) => ({ of: [one.cause], count: one.count })) ?? null}
        />
        <Counts
          title={t.mailboxes}
          from={polled}
          heads={[t.actor, t.message]}
          rows={
            data?.mailboxes.map((one) => ({ of: [one.actor, one.message], count: one.rejected })) ??
            null
          }
        />
        <Counts
          title={t.ended}
          from={polled}
          heads={[t.actor]}
          rows={data?.ended.map((one) => ({ of: [one.actor], count: one.messages })) ?? null}
        />
      </div>
    </>
  );
}
