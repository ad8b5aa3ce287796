// What did not arrive: messages to customers, and messages and calls there was no room for.
import type { DeadLetter, Rejects } from '../api/types';
import { text } from '../i18n';
import { count } from '../lib/format';
import { Card, PageHead, Time } from '../ui/parts';
import { usePoll } from '../ui/poll';
import { Table } from '../ui/table';

function Letterbox() {
  const t = text.value.letters;
  const { data, error } = usePoll<{ deadLetters: DeadLetter[] }>('/admin/dead-letters', {}, 3_000);
  return (
    <Table
      label={t.title}
      rows={data?.deadLetters ?? null}
      keyOf={(one) => one.intent}
      empty={t.none}
      error={error}
      columns={[
        { head: text.value.calls.at, cell: (one) => <Time at={one.at} /> },
        { head: t.call, cell: (one) => String(one.call) },
        { head: t.kind, cell: (one) => one.kind },
        { head: text.value.calls.tel, cell: (one) => <span class="num">{one.tel}</span> },
        { head: t.via, cell: (one) => one.via, wide: true },
        { head: t.code, cell: (one) => <code>{one.code}</code>, wide: true },
        { head: t.reason, cell: (one) => one.reason, wrap: true },
      ]}
    />
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
}: {
  title: string;
  heads: string[];
  rows: Counted[] | null;
}) {
  return (
    <Card title={title}>
      <Table
        label={title}
        rows={rows}
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
  const { data } = usePoll<Rejects>('/admin/rejects', {}, 3_000);
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
          heads={[t.cause]}
          rows={data?.calls.map((one) => ({ of: [one.cause], count: one.count })) ?? null}
        />
        <Counts
          title={t.mailboxes}
          heads={[t.actor, t.message]}
          rows={
            data?.mailboxes.map((one) => ({ of: [one.actor, one.message], count: one.rejected })) ??
            null
          }
        />
        <Counts
          title={t.ended}
          heads={[t.actor]}
          rows={data?.ended.map((one) => ({ of: [one.actor], count: one.messages })) ?? null}
        />
      </div>
    </>
  );
}
