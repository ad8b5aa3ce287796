// Tells of a restart wherever one is; read out to those who cannot see it. Restarts that come while
// it is shown are counted, not told one by one.
import { useEffect, useState } from 'preact/hooks';
import { text } from '../i18n';
import { link } from '../lib/router';
import { untold } from '../state/news';

// Long enough to read a story of two sentences.
const SHOWN = 8_000;
// Who listens hears a sentence to its end before the next one.
const SAID = 4_000;

const toldOf = (many: number, n: number): string =>
  many === 1 ? `${text.value.shell.restarted} ${n}` : text.value.shell.restarts(many);

/** What is read out: at once, then not more often than one can listen. */
function useSaid(now: string): string {
  const [said, say] = useState(now);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (busy || said === now) return;
    say(now);
    if (now === '') return;
    setBusy(true);
    setTimeout(() => setBusy(false), SAID);
  }, [now, said, busy]);
  return said;
}

export function Toasts() {
  const all = untold.value;
  const [newest] = all;
  const clear = (): void => {
    untold.value = [];
  };
  useEffect(() => {
    if (!newest) return;
    const timer = setTimeout(clear, SHOWN);
    return () => clearTimeout(timer);
  }, [newest]);
  const head = newest ? toldOf(all.length, newest.n) : '';
  const story = newest ? text.value.told.story(newest) : '';
  const said = useSaid(all.length === 1 ? `${head}. ${story}` : head);
  return (
    <div class="toasts">
      <p class="unseen" aria-live="polite">
        {said}
      </p>
      {newest && (
        <div class="toast">
          <div>
            <a href={link(['supervision'])}>{head}</a>
            <p>{story}</p>
          </div>
          <button class="ghost" onClick={clear}>
            {text.value.shell.dismiss}
          </button>
        </div>
      )}
    </div>
  );
}
