// Every action of an operator goes through this dialog: it shows what the server says would
// happen, asks, does it, and shows under which number it stands in the audit.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, post, toldOf } from '../api/client';
import { perSession } from '../api/session';
import type { ActionResult } from '../api/types';
import { text, word } from '../i18n';
import { byteLength, count } from '../lib/format';
import { link } from '../lib/router';
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

const asked = perSession<Ask | null>(null);

export const askFor = (ask: Ask): void => {
  asked.value = ask;
};

// What the server takes of a reason, in bytes.
const LONGEST_REASON = 200;
// A copy of a large database, or a disk that is slow: giving up leaves one in doubt.
const PATIENCE = 60_000;

export const bytesTooMany = (reason: string): number =>
  Math.max(0, byteLength(reason) - LONGEST_REASON);

// Who is still typing is not asked about yet.
const TYPING = 300;

interface Step {
  at: 'checking' | 'ready' | 'doing';
  plan: ActionResult | null;
  failed: unknown;
  /** It failed when it was done, not when it was tried. */
  begun: boolean;
}

function Plan({ of }: { of: ActionResult }) {
  const t = text.value.action;
  return (
    <>
      <h3>{t.effects}</h3>
      {of.effects.length ? (
        <ul class="effects">
          {of.effects.map((effect) => (
            <li key={effect.text}>{text.value.told.effect(effect)}</li>
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

/** Refused, or failed after it was begun, or nobody knows: without an answer it may be done. */
function Failed({ why, begun }: { why: unknown; begun: boolean }) {
  const t = text.value.action;
  const unanswered = !(why instanceof ApiError) || why.status === 0;
  const audit = why instanceof ApiError ? why.audit : null;
  return (
    <p class="trouble" role="alert">
      {unanswered ? begun && `${t.inDoubt} ` : audit ? `${t.failed}: ` : `${t.refused}: `}
      {toldOf(why)}{' '}
      {(audit || (unanswered && begun)) && (
        <a href={link(['supervision'])}>
          {t.audit} {audit}
        </a>
      )}
    </p>
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
  const over = field === 'reason' ? bytesTooMany(value) : 0;
  return (
    <label class="field">
      <span>{field === 'reason' ? t.reason : t.hangFor}</span>
      <input
        value={value}
        aria-invalid={over > 0}
        onInput={(e) => set(e.currentTarget.value)}
        {...(field === 'for' ? { pattern: '\\d+(ms|s|min)', size: 8 } : {})}
      />
      {over > 0 && (
        <small class="risky" role="alert">
          {t.tooLong(over)}
        </small>
      )}
    </label>
  );
}

function Asking({ ask, close }: { ask: Ask; close: () => void }) {
  const t = text.value.action;
  const [step, setStep] = useState<Step>({
    at: 'checking',
    plan: null,
    failed: null,
    begun: false,
  });
  const [result, setResult] = useState<ActionResult | null>(null);
  const [said, setSaid] = useState(ask.field === 'for' ? '500ms' : '');
  const query = ask.field ? { [ask.field]: said } : {};
  const checks = useRef(0);

  const check = (): void => {
    const mine = ++checks.current;
    const tell = (now: Pick<Step, 'plan' | 'failed'>): void => {
      if (mine === checks.current) setStep({ at: 'ready', begun: false, ...now });
    };
    setStep({ at: 'checking', plan: null, failed: null, begun: false });
    post<ActionResult>(ask.path, { query: { ...query, 'dry-run': true } }).then(
      (plan) => tell({ plan, failed: null }),
      (failed: unknown) => tell({ plan: null, failed }),
    );
  };
  useEffect(check, []);

  // How long decides what happens; a reason does not.
  const say = (now: string): void => {
    setSaid(now);
    if (ask.field !== 'for') return;
    checks.current += 1;
    setStep({ at: 'checking', plan: null, failed: null, begun: false });
  };
  const typed = useRef(said);
  useEffect(() => {
    if (ask.field !== 'for' || typed.current === said) return;
    typed.current = said;
    const timer = setTimeout(check, TYPING);
    return () => clearTimeout(timer);
  }, [said]);

  const confirm = async (plan: ActionResult): Promise<void> => {
    setStep({ at: 'doing', plan, failed: null, begun: false });
    try {
      setResult(await post<ActionResult>(ask.path, { query, within: PATIENCE }));
      ask.done?.();
    } catch (failed) {
      setStep({ at: 'ready', plan, failed, begun: true });
    }
  };

  if (result) return <Done result={result} close={close} />;
  const { plan, failed } = step;
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        if (step.at !== 'ready') return;
        if (plan) void confirm(plan);
        else check();
      }}
    >
      {step.at === 'checking' && <p class="quiet">{t.checking}</p>}
      {failed !== null && <Failed why={failed} begun={step.begun} />}
      {plan && <Plan of={plan} />}
      {(plan || ask.field === 'for') && (
        <>
          {ask.field && <Said field={ask.field} value={said} set={say} />}
          <p class="hint">{t.audited}</p>
        </>
      )}
      <footer class="dialog-foot">
        <button type="button" onClick={close}>
          {t.cancel}
        </button>
        {plan || step.at === 'checking' ? (
          <button
            class="danger"
            disabled={step.at !== 'ready' || (ask.field === 'reason' && bytesTooMany(said) > 0)}
          >
            {step.at === 'doing' ? t.doing : word(t.names, ask.action)}
          </button>
        ) : (
          <button>{t.again}</button>
        )}
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

/** A button that asks first. `of` tells it from others that look the same. */
export function ActionButton({
  ask,
  name,
  of,
  quiet = false,
}: {
  ask: Ask;
  name: string;
  of?: string;
  quiet?: boolean;
}) {
  return (
    <button
      class={quiet ? 'ghost' : ''}
      onClick={() => askFor(ask)}
      data-action={ask.action}
      {...(of ? { 'aria-label': `${name} ${of}` } : {})}
    >
      {name}
    </button>
  );
}
