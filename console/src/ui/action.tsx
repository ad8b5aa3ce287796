// Every action of an operator goes through this dialog: it shows what the server says would
// happen, asks, does it, and shows under which number it stands in the audit.
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, post } from '../api/client';
import type { ActionResult } from '../api/types';
import { text, word } from '../i18n';
import { count } from '../lib/format';
import { Dialog } from './dialog';

export interface Ask {
  path: string;
  action: string;
  object: string;
  /** What else the operator may say. */
  field?: 'reason' | 'for';
  /** Runs when it was done, so that the page shows it. */
  done?: () => void;
}

const asked = signal<Ask | null>(null);

export const askFor = (ask: Ask): void => {
  asked.value = ask;
};

type Step =
  | { at: 'checking' }
  | { at: 'ready'; plan: ActionResult }
  | { at: 'doing'; plan: ActionResult }
  | { at: 'done'; result: ActionResult }
  | { at: 'failed'; why: string };

const why = (failed: unknown): string =>
  failed instanceof ApiError ? failed.message : String(failed);

function Plan({ of }: { of: ActionResult }) {
  const t = text.value.action;
  return (
    <>
      <h3>{t.effects}</h3>
      {of.effects.length ? (
        <ul class="effects">
          {of.effects.map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
      ) : (
        <p class="quiet">{t.noEffects}</p>
      )}
      <dl class="tally">
        <div>
          <dt>{t.stopped}</dt>
          <dd class="num">{count(of.actorsStopped)}</dd>
        </div>
        <div>
          <dt>{t.redispatched}</dt>
          <dd class="num">{count(of.callsRedispatched)}</dd>
        </div>
      </dl>
    </>
  );
}

function Done({ result, close }: { result: ActionResult; close: () => void }) {
  const t = text.value.action;
  const button = useRef<HTMLButtonElement>(null);
  // What had the focus, the button that confirmed, is gone.
  useEffect(() => button.current?.focus(), []);
  const shown: [string, string | null | undefined][] = [
    [t.number, result.tel],
    [t.path, result.path],
    [t.audit, result.audit],
  ];
  return (
    <>
      <dl class="facts" role="status">
        {shown.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="num">{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      <footer class="dialog-foot">
        <button ref={button} class="primary" onClick={close}>
          {text.value.shell.close}
        </button>
      </footer>
    </>
  );
}

function Said({
  field,
  value,
  set,
}: {
  field: 'reason' | 'for';
  value: string;
  set: (v: string) => void;
}) {
  const t = text.value.action;
  return (
    <label class="field">
      <span>{field === 'reason' ? t.reason : t.hangFor}</span>
      <input
        value={value}
        maxLength={120}
        onInput={(e) => set(e.currentTarget.value)}
        {...(field === 'for' ? { pattern: '\\d+(ms|s|min)', size: 8 } : {})}
      />
    </label>
  );
}

function Asking({ ask, close }: { ask: Ask; close: () => void }) {
  const t = text.value.action;
  const [step, setStep] = useState<Step>({ at: 'checking' });
  const [said, setSaid] = useState(ask.field === 'for' ? '500ms' : '');
  const query = ask.field ? { [ask.field]: said } : {};

  useEffect(() => {
    post<ActionResult>(ask.path, { ...query, 'dry-run': true }).then(
      (plan) => setStep({ at: 'ready', plan }),
      (failed: unknown) => setStep({ at: 'failed', why: why(failed) }),
    );
  }, []);

  const confirm = async (plan: ActionResult): Promise<void> => {
    setStep({ at: 'doing', plan });
    try {
      setStep({ at: 'done', result: await post<ActionResult>(ask.path, query) });
      ask.done?.();
    } catch (failed) {
      setStep({ at: 'failed', why: why(failed) });
    }
  };

  if (step.at === 'done') return <Done result={step.result} close={close} />;
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        if (step.at === 'ready') void confirm(step.plan);
      }}
    >
      {step.at === 'checking' && <p class="quiet">{t.checking}</p>}
      {step.at === 'failed' && (
        <p class="trouble" role="alert">
          {t.failed}: {step.why}
        </p>
      )}
      {(step.at === 'ready' || step.at === 'doing') && (
        <>
          <Plan of={step.plan} />
          {ask.field && <Said field={ask.field} value={said} set={setSaid} />}
          <p class="hint">{t.audited}</p>
        </>
      )}
      <footer class="dialog-foot">
        <button type="button" onClick={close}>
          {t.cancel}
        </button>
        <button class="danger" disabled={step.at !== 'ready'}>
          {step.at === 'doing' ? t.doing : word(t.names, ask.action)}
        </button>
      </footer>
    </form>
  );
}

/** Shows the dialog while something is asked; stands once in the page. */
export function Actions() {
  const ask = asked.value;
  if (!ask) return null;
  const name = word(text.value.action.names, ask.action);
  const close = (): void => {
    asked.value = null;
  };
  return (
    <Dialog title={ask.object ? `${name}: ${ask.object}` : name} onClose={close}>
      <Asking ask={ask} close={close} />
    </Dialog>
  );
}

/** A button that asks first. */
export function ActionButton({
  ask,
  name,
  quiet = false,
}: {
  ask: Ask;
  name: string;
  quiet?: boolean;
}) {
  return (
    <button class={quiet ? 'ghost' : ''} onClick={() => askFor(ask)} data-action={ask.action}>
      {name}
    </button>
  );
}
