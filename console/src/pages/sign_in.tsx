// Asks for the token, when the address did not bring it or the server would not have it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { operatorName, refused, signIn } from '../api/session';
import { text } from '../i18n';
import { Trouble } from '../ui/parts';

export function SignIn() {
  const t = text.value.signIn;
  const [token, setToken] = useState('');
  const [operator, setOperator] = useState(operatorName());
  const first = useRef<HTMLInputElement>(null);
  // The attribute works once a page only, and this form may come again.
  useEffect(() => first.current?.focus(), []);
  return (
    <main class="sign-in">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (token.trim()) signIn(token.trim(), operator.trim());
        }}
      >
        <img src="./icon.svg" alt="" width="36" height="36" />
        <h1>{t.title}</h1>
        <p class="hint">{t.lead}</p>
        <Trouble say={refused.value ? t.refused : null} />
        <label class="field">
          <span>{t.token}</span>
          <input
            type="password"
            value={token}
            onInput={(e) => setToken(e.currentTarget.value)}
            autocomplete="off"
            required
            ref={first}
          />
        </label>
        <label class="field">
          <span>{t.operator}</span>
          <input
            value={operator}
            onInput={(e) => setOperator(e.currentTarget.value)}
            autocomplete="name"
            maxLength={20}
          />
          <small class="hint">{t.operatorHint}</small>
        </label>
        <button class="primary">{t.button}</button>
      </form>
    </main>
  );
}
