// Tells of a restart wherever one is; read out to those who cannot see it.
import { useEffect } from 'preact/hooks';
import { text } from '../i18n';
import { link } from '../lib/router';
import { latestRestart } from '../state/news';

// Long enough to read a story of two sentences.
const SHOWN = 8_000;

export function Toasts() {
  const one = latestRestart.value;
  useEffect(() => {
    if (!one) return;
    const timer = setTimeout(() => {
      if (latestRestart.value === one) latestRestart.value = null;
    }, SHOWN);
    return () => clearTimeout(timer);
  }, [one]);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {one && (
        <div class="toast">
          <div>
            <a href={link(['supervision'])}>
              {text.value.shell.restarted} {one.n}
            </a>
            <p>{one.story}</p>
          </div>
          <button class="ghost" onClick={() => (latestRestart.value = null)}>
            {text.value.shell.dismiss}
          </button>
        </div>
      )}
    </div>
  );
}
