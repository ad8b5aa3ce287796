// A table whose rows are data. It scrolls sideways in its own box, never with the page; where there
// is little room each row is a card, and every cell says what it is.
import type { ComponentChildren } from 'preact';
import { text } from '../i18n';
import { Trouble } from './parts';
import type { Polled } from './poll';

export interface Column<T> {
  head: string;
  cell: (row: T) => ComponentChildren;
  /** Numbers stand at the right. */
  number?: boolean;
  /** May take several lines; others are kept on one. */
  wrap?: boolean;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[] | null;
  keyOf: (row: T) => string | number;
  empty: string;
  /** Where the rows come from, when that can fail: old rows are not shown as new ones. */
  from?: Polled<unknown>;
}

const look = <T,>(c: Column<T>): string =>
  [c.number && 'number', c.wrap && 'wrap'].filter(Boolean).join(' ');

function Rows<T>({ label, columns, rows, keyOf }: Props<T>) {
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={label}>
      {/* The roles by name: as cards they would not be a table any more to those who listen. */}
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((c) => (
              <th key={c.head} scope="col" role="columnheader" class={look(c)}>
                {c.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows!.map((row) => (
            <tr key={keyOf(row)} role="row">
              {columns.map((c) => (
                <td key={c.head} role="cell" class={look(c)} data-head={c.head}>
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

export function Table<T>(props: Props<T>) {
  const { rows, empty, from } = props;
  return (
    <>
      {from && <Trouble say={from.error} at={from.at} />}
      {rows?.length ? (
        <Rows {...props} />
      ) : rows ? (
        <p class="quiet pad">{empty}</p>
      ) : from?.error ? null : (
        <p class="quiet pad">{text.value.loading}</p>
      )}
    </>
  );
}
