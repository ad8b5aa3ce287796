// What every page is put together from.
import type { ComponentChildren } from 'preact';
import { language, text } from '../i18n';
import { count, clock, fineClock } from '../lib/format';
import type { Polled } from './poll';

export function PageHead({
  title,
  children,
  back,
}: {
  title: ComponentChildren;
  children?: ComponentChildren;
  back?: { to: string; name: string };
}) {
  return (
    <header class="page-head">
      <h1>
        {back && (
          <>
            <a href={back.to}>{back.name}</a>
            <span class="crumb" aria-hidden="true">
              /
            </span>
          </>
        )}
        {title}
      </h1>
      <div class="page-tools">{children}</div>
    </header>
  );
}

export function Card({
  title,
  hint,
  tools,
  children,
  class: name = '',
}: {
  title?: string;
  hint?: string;
  tools?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}) {
  return (
    <section class={`card ${name}`} {...(title ? { 'aria-label': title } : {})}>
      {title && (
        <header class="card-head">
          <h2>{title}</h2>
          {hint && <p class="hint">{hint}</p>}
          {tools && <div class="card-tools">{tools}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

/** Choices of which one holds, each an address: they work with the keyboard and the back button. */
export function Segments({
  label,
  choices,
  chosen,
}: {
  label: string;
  choices: readonly { key: string; name: string; to: string }[];
  chosen: string;
}) {
  return (
    <nav class="segments" aria-label={label}>
      {choices.map(({ key, name, to }) => (
        <a key={key} href={to} {...(key === chosen ? { 'aria-current': 'page' as const } : {})}>
          {name}
        </a>
      ))}
    </nav>
  );
}

export function Pager({
  page,
  size,
  total,
  to,
}: {
  page: number;
  size: number;
  total: number;
  to: (page: number) => string;
}) {
  const t = text.value.pager;
  const pages = Math.max(1, Math.ceil(total / size));
  if (pages === 1) return null;
  const step = (target: number, name: string) =>
    target >= 0 && target < pages ? (
      <a class="button" href={to(target)}>
        {name}
      </a>
    ) : (
      <span class="button" aria-disabled="true">
        {name}
      </span>
    );
  return (
    <nav class="pager" aria-label={t.label}>
      {step(page - 1, t.previous)}
      <span class="num quiet">{t.page(count(page + 1), count(pages))}</span>
      {step(page + 1, t.next)}
    </nav>
  );
}

export function Facts({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export const Time = ({ at, fine = false }: { at: string; fine?: boolean }) => (
  <time class="num" dateTime={at} title={at}>
    {(fine ? fineClock : clock)(at, language.value)}
  </time>
);

/** How a question stands: it failed, of when the old answer is, or that there is none yet. */
export const Asked = ({ of: { data, error, at } }: { of: Polled<unknown> }) =>
  data === null && error === null ? (
    <p class="quiet pad">{text.value.loading}</p>
  ) : (
    <Trouble say={error} at={at} />
  );

/** What went wrong; with `at`, of when what stands below it is. */
export const Trouble = ({ say, at = null }: { say: string | null; at?: string | null }) =>
  say === null ? null : (
    <p class="trouble" role="alert">
      {say} {at && text.value.asOf(clock(at, language.value))}
    </p>
  );
