// A field that narrows a list. What it was asked stands in the address.
import { useEffect, useRef } from 'preact/hooks';
import { text } from '../i18n';
import { go } from '../lib/router';

export function Filter({
  label,
  value,
  to,
}: {
  label: string;
  value: string;
  to: (value: string) => string;
}) {
  const t = text.value.calls;
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    box.current!.value = value;
  }, [value]);
  return (
    <form
      class="filter"
      onSubmit={(e) => {
        e.preventDefault();
        go(to(box.current!.value.trim()));
      }}
    >
      <input ref={box} type="search" placeholder={label} aria-label={label} />
      <button>{t.find}</button>
      {value && (
        <a class="button ghost" href={to('')}>
          {t.clear}
        </a>
      )}
    </form>
  );
}
