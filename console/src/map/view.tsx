// A map one can move: by dragging, two fingers, the wheel or the keyboard. Without `onPick` it is
// a picture of where something happened, and stays still.
import type { MutableRef } from 'preact/hooks';
import { useEffect, useRef, useState } from 'preact/hooks';
import { language, text } from '../i18n';
import { paint } from '../lib/theme';
import { draw, pickAt, type Marker, type Scene } from './draw';
import { boxOf, fit, pan, zoom, type Box, type Place, type Size, type View } from './projection';
import { everything } from './seoul';

interface Props {
  label: string;
  markers: readonly Marker[];
  lines?: readonly (readonly [Place, Place])[];
  chosen?: string | null;
  /** What to show first; all of Seoul unless given. */
  around?: readonly Place[];
  /** What there is beside that, for who wants to see all of it. */
  all?: readonly Place[];
  /** Hears what is shown, once it has been for a moment. */
  onBox?: (box: Box) => void;
  onPick?: (key: string | null) => void;
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [60, 0],
  ArrowRight: [-60, 0],
  ArrowUp: [0, 60],
  ArrowDown: [0, -60],
};

// While one drags there is no need to ask for what is passed.
const SETTLED = 300;

/** The size of an element, as it changes. */
function useSize(of: MutableRef<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const node = of.current!;
    const watch = new ResizeObserver(() =>
      setSize({ width: node.clientWidth, height: node.clientHeight }),
    );
    watch.observe(node);
    return () => watch.disconnect();
  }, []);
  return size;
}

/** Dragging and pinching: how far all fingers moved, and whether it was a click after all. */
function usePointers(
  scene: MutableRef<Scene | null>,
  move: (change: (view: View) => View) => void,
  onPick: Props['onPick'],
) {
  const fingers = useRef(new Map<number, [number, number]>());
  const travelled = useRef(0);
  const spread = (): number => {
    const [a, b] = [...fingers.current.values()];
    return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0;
  };
  return {
    onPointerDown: (e: PointerEvent) => {
      (e.currentTarget as Element).setPointerCapture(e.pointerId);
      fingers.current.set(e.pointerId, [e.offsetX, e.offsetY]);
      if (fingers.current.size === 1) travelled.current = 0;
    },
    onPointerMove: (e: PointerEvent) => {
      const before = fingers.current.get(e.pointerId);
      if (!before) return;
      const [dx, dy] = [e.offsetX - before[0], e.offsetY - before[1]];
      travelled.current += Math.hypot(dx, dy);
      const wide = spread();
      fingers.current.set(e.pointerId, [e.offsetX, e.offsetY]);
      const { size } = scene.current!;
      if (wide > 0) move((v) => zoom(v, spread() / wide, e.offsetX, e.offsetY, size));
      else move((v) => pan(v, dx, dy));
    },
    onPointerUp: (e: PointerEvent) => {
      fingers.current.delete(e.pointerId);
      if (travelled.current < 5 && onPick)
        onPick(pickAt(scene.current!, e.offsetX, e.offsetY)?.key ?? null);
    },
    onPointerCancel: (e: PointerEvent) => fingers.current.delete(e.pointerId),
  };
}

function Buttons({ by, reset }: { by: (factor: number) => void; reset: () => void }) {
  const t = text.value.map;
  return (
    <div class="map-buttons">
      <button aria-label={t.zoomIn} onClick={() => by(1.5)}>
        +
      </button>
      <button aria-label={t.zoomOut} onClick={() => by(1 / 1.5)}>
        −
      </button>
      <button onClick={reset}>{t.fit}</button>
    </div>
  );
}

export function MapView({
  label,
  markers,
  lines = [],
  chosen = null,
  around = everything,
  all = [],
  onBox,
  onPick,
}: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<Scene | null>(null);
  const size = useSize(canvas);
  const [view, setView] = useState<View | null>(null);
  const shown = view ?? (size.width ? fit(around, size) : null);
  const still = !onPick;
  const move = (change: (view: View) => View): void =>
    setView((v) => change(v ?? fit(around, size)));
  const by = (factor: number): void =>
    move((v) => zoom(v, factor, size.width / 2, size.height / 2, size));
  const pointers = usePointers(scene, move, onPick);
  if (shown)
    scene.current = { view: shown, size, markers, lines, chosen, korean: language.value === 'ko' };
  const palette = paint.value;

  useEffect(() => {
    const node = canvas.current!;
    const pen = node.getContext('2d');
    if (!scene.current || !pen) return;
    const frame = requestAnimationFrame(() => {
      const dense = devicePixelRatio;
      [node.width, node.height] = [size.width * dense, size.height * dense];
      pen.setTransform(dense, 0, 0, dense, 0, 0);
      draw(pen, scene.current!);
    });
    return () => cancelAnimationFrame(frame);
  }, [shown?.lat, shown?.lng, shown?.scale, size, markers, chosen, palette, language.value]);

  useEffect(() => {
    if (!shown || !onBox) return;
    const timer = setTimeout(() => onBox(boxOf(shown, size)), SETTLED);
    return () => clearTimeout(timer);
  }, [shown?.lat, shown?.lng, shown?.scale, size]);

  useEffect(() => {
    if (still) return;
    const node = canvas.current!;
    // Not through a property: those listeners are passive and could not keep the page from moving.
    const wheel = (e: WheelEvent): void => {
      e.preventDefault();
      move((v) => zoom(v, Math.exp(-e.deltaY / 300), e.offsetX, e.offsetY, scene.current!.size));
    };
    node.addEventListener('wheel', wheel, { passive: false });
    return () => node.removeEventListener('wheel', wheel);
  }, [still, size]);

  const keys = (e: KeyboardEvent): void => {
    const arrow = ARROWS[e.key];
    if (arrow) move((v) => pan(v, ...arrow));
    else if (e.key === '+' || e.key === '=') by(1.5);
    else if (e.key === '-') by(1 / 1.5);
    else return;
    e.preventDefault();
  };

  if (still) return <canvas class="map still" ref={canvas} role="img" aria-label={label} />;
  return (
    <div class="map-frame">
      <canvas
        class="map"
        ref={canvas}
        role="application"
        aria-label={label}
        tabIndex={0}
        onKeyDown={keys}
        {...pointers}
      />
      <Buttons by={by} reset={() => setView(fit([...around, ...all], size))} />
    </div>
  );
}
