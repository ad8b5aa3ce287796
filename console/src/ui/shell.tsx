// What stands around every page: the pages, the search, whether the figures are live, the menu.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { connection, refusal } from '../api/feed';
import { text } from '../i18n';
import { pages } from '../lib/pages';
import { go, isNumber, link, route, serviceOf } from '../lib/router';
import { helping, SEARCH } from '../lib/shortcuts';
import { figures } from '../state/figures';
import { Badge } from './badge';
import { Help } from './help';
import { Icon } from './icons';
import { NodeMenu } from './menu';

function Search() {
  const t = text.value.shell;
  const box = useRef<HTMLInputElement>(null);
  const submit = (e: Event): void => {
    e.preventDefault();
    const asked = box.current!.value.replace(/[\s-]/g, '');
    if (!asked) return;
    const service = serviceOf(route.value);
    // Calls count from 1, telephone numbers begin with 0. Where one service is looked at, its
    // calls are meant; elsewhere both may be.
    if (!service) go(link(['find', asked]));
    else if (isNumber(asked)) go(link(['calls', service, asked]));
    else go(link(['calls', service], { tel: asked }));
    box.current!.value = '';
    box.current!.blur();
  };
  return (
    <form class="search" role="search" onSubmit={submit}>
      <Icon of="search" />
      <input
        id={SEARCH}
        ref={box}
        type="search"
        placeholder={t.search}
        aria-label={t.searchLabel}
        autocomplete="off"
        enterkeyhint="search"
      />
      <kbd>/</kbd>
    </form>
  );
}

function Liveness() {
  const t = text.value.shell;
  const state = connection.value;
  const notReady = figures.value && !figures.value.ready;
  return (
    <div class="liveness">
      {notReady && <Badge tone="bad">{t.notReady}</Badge>}
      <span class={`link ${state}`} role="status">
        <i aria-hidden="true" />
        <span>{state === 'live' ? t.live : state === 'lost' ? t.lost : t.connecting}</span>
      </span>
    </div>
  );
}

function Pages({ here }: { here: string }) {
  return (
    <ul>
      {pages.map(({ name, letter }) => (
        <li key={name}>
          <a href={link([name])} {...(name === here ? { 'aria-current': 'page' as const } : {})}>
            <Icon of={name} />
            <span>{text.value.pages[name]}</span>
            <kbd aria-hidden="true">g {letter}</kbd>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** What the window is called: the page, and whom it shows. */
function titleOf([here, ...rest]: readonly string[]): string {
  const page = text.value.pages[here as keyof typeof text.value.pages] ?? '';
  const whom = here === 'couriers' || here === 'find' ? rest[0] : rest[1];
  return [page, whom].filter(Boolean).join(' ') + ' · pickupcenter';
}

/** What is wrong with all that is shown. */
function Banners() {
  const t = text.value.shell;
  const { ready = true, notReady = [] } = figures.value ?? {};
  return (
    <>
      {connection.value === 'lost' && (
        <p class="banner" role="alert">
          {t.lostLong} {refusal.value}
        </p>
      )}
      {!ready && (
        <p class="banner" role="status">
          {t.notReady}: {notReady.join(', ')}
        </p>
      )}
    </>
  );
}

export function Shell({
  path,
  children,
}: {
  path: readonly string[];
  children: ComponentChildren;
}) {
  const t = text.value.shell;
  const here = path[0]!;
  const place = path.join('/');
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const shown = useRef(place);
  useEffect(() => {
    document.title = titleOf(path);
  }, [place, text.value]);
  useEffect(() => {
    if (shown.current === place) return;
    shown.current = place;
    // The link that led here is gone: who goes by keys or listens begins with the new page.
    main.current?.focus();
  }, [place]);
  useEffect(() => {
    if (!open) return;
    const escape = (e: KeyboardEvent): void => {
      if (e.key === 'Escape') setOpen(false);
    };
    addEventListener('keydown', escape);
    return () => removeEventListener('keydown', escape);
  }, [open]);
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(e) => {
          e.preventDefault();
          main.current?.focus();
        }}
      >
        {text.value.skip}
      </a>
      <header class="top">
        <button
          class="ghost nav-toggle"
          aria-expanded={open}
          aria-controls="pages"
          aria-label={t.menu}
          onClick={() => setOpen(!open)}
        >
          <Icon of="menu" />
        </button>
        <a class="brand" href={link(['overview'])}>
          <img src="./icon.svg" alt="" width="20" height="20" />
          <span>{text.value.product}</span>
        </a>
        <Search />
        <Liveness />
        <NodeMenu />
      </header>
      <nav
        id="pages"
        class={open ? 'side open' : 'side'}
        aria-label={t.navigation}
        onClick={() => setOpen(false)}
      >
        <Pages here={here} />
      </nav>
      <main id="main" ref={main} tabIndex={-1}>
        <Banners />
        {children}
      </main>
      {helping.value && <Help />}
    </div>
  );
}
