// A table whose rows are data. It scrolls sideways in its own box, never with the page.
import type { ComponentChildren } from 'preact';
import { text } from '../i18n';

export interface Column<T> {
  head: string;
  cell: (row: T) => ComponentChildren;
  /** Numbers stand at the right. */
  number?: boolean;
  /** Left out where there is little room. */
  wide?: boolean;
  /** May take several lines; others are kept on one. */
  wrap?: boolean;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[] | null;
  keyOf: (row: T) => string | number;
  empty: string;
  error?: string | null;
}

const look = <T,>(c: Column<T>): string =>
  [c.number && 'number', c.wide && 'wide', c.wrap && 'wrap'].filter(Boolean).join(' ');

export function Table<T>({ label, columns, rows, keyOf, empty, error }: Props<T>) {
  if (error && !rows?.length) return <p class="trouble">{error}</p>;
  if (!rows) return <p class="quiet pad">{text.value.loading}</p>;
  if (!rows.length) return <p class="quiet pad">{empty}</p>;
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.head} scope="col" class={look(c)}>
                {c.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((c) => (
                <td key={c.head} class={look(c)}>
                  {c.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
