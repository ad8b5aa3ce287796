// A mark of the map beside its name.
import { LOOKS, type Mark } from './marks';

export function MarkSign({ of }: { of: Mark }) {
  const { colour, outline, hollow = false } = LOOKS[of];
  const paint = { color: `var(--${colour})` };
  return (
    <svg class={hollow ? 'mark hollow' : 'mark'} viewBox="-1.6 -1.6 3.2 3.2" style={paint}>
      <polygon points={outline.map((corner) => corner.join()).join(' ')} aria-hidden="true" />
    </svg>
  );
}
