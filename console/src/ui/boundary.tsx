// A page that cannot be shown does not take the others with it.
import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { toldOf } from '../api/client';
import { text } from '../i18n';
import { Trouble } from './parts';

export function Boundary({ children }: { children: ComponentChildren }) {
  const [failed, again] = useErrorBoundary((why) => console.error(why));
  if (!failed) return <>{children}</>;
  return (
    <div class="stack">
      <Trouble say={`${text.value.broken} ${toldOf(failed)}`} />
      <p>
        <button onClick={again}>{text.value.reload}</button>
      </p>
    </div>
  );
}
