// One line drawing a page, on a grid of 16; decoration only, the name stands beside it.
const PATHS: Record<string, string> = {
  overview: 'M2.5 9.5h3v4h-3zM6.5 5.5h3v8h-3zM10.5 2.5h3v11h-3z',
  map: 'M6 3 2.5 4.5v8.5L6 11.5l4 1.5 3.5-1.5V3L10 4.5 6 3Zm0 0v8.5M10 4.5V13',
  calls:
    'M8 14s4.5-4.2 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.8 8 14 8 14Zm0-5.8a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z',
  couriers:
    'M1.5 4.5h8v6.5h-8zM9.5 7h3l2 2v2h-5M4.5 12.8a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6Zm7 0a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6Z',
  actors: 'M8 2.5h0M5.8 2h4.4v3H5.8zM2 11h4v3H2zM10 11h4v3h-4zM8 5v3M4 11V8h8v3',
  supervision: 'M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3',
  letters: 'M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5',
  breakers: 'M8 2v4M4.6 4.2a5 5 0 1 0 6.8 0',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3 14 14',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
};

export const Icon = ({ of }: { of: string }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path d={PATHS[of] ?? ''} />
  </svg>
);
