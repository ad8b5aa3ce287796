// The list of shortcuts.
import { text } from '../i18n';
import { pages } from '../lib/pages';
import { helping } from '../lib/shortcuts';
import { Dialog } from './dialog';

export function Help() {
  const t = text.value.keys;
  const keys: [string[], string][] = [
    ...pages.map(({ name, letter }): [string[], string] => [
      ['g', letter],
      t.goTo(text.value.pages[name]),
    ]),
    [['/'], t.search],
    [['?'], t.help],
    [['Esc'], t.escape],
  ];
  const close = (): void => {
    helping.value = false;
  };
  return (
    <Dialog title={t.title} onClose={close}>
      <dl class="keys">
        {keys.map(([pressed, does]) => (
          <div key={does}>
            <dt>
              {pressed.map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <footer class="dialog-foot">
        <button class="primary" onClick={close}>
          {text.value.shell.close}
        </button>
      </footer>
    </Dialog>
  );
}
