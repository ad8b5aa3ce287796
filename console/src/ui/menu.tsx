// The menu of the node: who one is, how the page looks, and what concerns the process as a whole.
import { useEffect, useRef, useState } from 'preact/hooks';
import { session, signOut } from '../api/session';
import { language, setLanguage, text } from '../i18n';
import { helping } from '../lib/shortcuts';
import { setTheme, theme } from '../lib/theme';
import { figures } from '../state/figures';
import { askFor } from './action';
import { Icon } from './icons';

function Choice<T extends string>({
  label,
  of,
  chosen,
  choose,
}: {
  label: string;
  of: readonly (readonly [T, string])[];
  chosen: T;
  choose: (one: T) => void;
}) {
  return (
    <div class="choice" role="group" aria-label={label}>
      <span class="hint">{label}</span>
      <div class="segments">
        {of.map(([key, name]) => (
          <button key={key} aria-pressed={key === chosen} onClick={() => choose(key)}>
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}

const drain = (): void => askFor({ path: '/admin/drain', action: 'drain', object: '' });
const backup = (): void => askFor({ path: '/admin/backup', action: 'backup', object: '' });

function Panel({ close }: { close: () => void }) {
  const t = text.value.shell;
  const then = (does: () => void) => () => {
    close();
    does();
  };
  return (
    <div class="menu-panel" id="node-menu">
      <p class="menu-who">
        {t.operator(session.value?.operator || 'operator')}
        {figures.value && <span class="quiet"> · {t.version(figures.value.version)}</span>}
      </p>
      <Choice
        label={t.language}
        of={[
          ['ko', '한국어'],
          ['en', 'English'],
        ]}
        chosen={language.value}
        choose={setLanguage}
      />
      <Choice
        label={t.theme}
        of={[
          ['system', t.system],
          ['light', t.light],
          ['dark', t.dark],
        ]}
        chosen={theme.value}
        choose={setTheme}
      />
      <hr />
      <button class="ghost" onClick={then(backup)}>
        {t.backup}
      </button>
      <button class="ghost risky" onClick={then(drain)}>
        {t.drain}
      </button>
      <hr />
      <button class="ghost" onClick={then(() => (helping.value = true))}>
        {t.shortcuts} <kbd>?</kbd>
      </button>
      <button class="ghost" onClick={then(() => signOut())}>
        {t.signOut}
      </button>
    </div>
  );
}

export function NodeMenu() {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const shut = (): void => {
    setOpen(false);
    // What had the focus goes with the panel.
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const outside = (e: Event): void => {
      if (!box.current?.contains(e.target as Node)) setOpen(false);
    };
    const escape = (e: KeyboardEvent): void => {
      if (e.key === 'Escape') shut();
    };
    addEventListener('pointerdown', outside);
    addEventListener('keydown', escape);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('keydown', escape);
    };
  }, [open]);
  return (
    <div class="menu" ref={box}>
      <button
        ref={button}
        class="ghost"
        aria-expanded={open}
        aria-controls="node-menu"
        aria-label={text.value.shell.node}
        onClick={() => setOpen(!open)}
      >
        <span class="menu-name">{text.value.shell.node}</span>
        <Icon of="more" />
      </button>
      {open && <Panel close={shut} />}
    </div>
  );
}
