// Paints the map on a canvas: districts, the river, and what moves. Knows no state of its own.
import { colour } from '../lib/theme';
import { LOOKS, type Mark } from './marks';
import { toPixels, type Place, type Size, type View } from './projection';
import { districts, han } from './seoul';

export interface Marker extends Place {
  /** "courier:5" or "call:17". */
  key: string;
  mark: Mark;
  label?: string;
}

export interface Scene {
  view: View;
  size: Size;
  markers: readonly Marker[];
  lines: readonly (readonly [Place, Place])[];
  chosen: string | null;
  korean: boolean;
}

type Pen = CanvasRenderingContext2D;

// The Han is about 900 m wide in the city: in degrees of latitude.
const RIVER = 0.0082;

function trace(pen: Pen, places: readonly Place[], { view, size }: Scene): void {
  pen.beginPath();
  places.forEach((one, i) => {
    const [x, y] = toPixels(one, view, size);
    if (i === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  });
}

/** The same, rounded: a curve from middle to middle, each corner its control point. */
function traceSmooth(pen: Pen, places: readonly Place[], { view, size }: Scene): void {
  const points = places.map((one) => toPixels(one, view, size));
  pen.beginPath();
  points.forEach(([x, y], i) => {
    const next = points[i + 1];
    if (i === 0) pen.moveTo(x, y);
    else if (next) pen.quadraticCurveTo(x, y, (x + next[0]) / 2, (y + next[1]) / 2);
    else pen.lineTo(x, y);
  });
}

function drawLand(pen: Pen, scene: Scene): void {
  pen.lineJoin = 'round';
  pen.lineCap = 'round';
  pen.fillStyle = colour('map-land');
  pen.strokeStyle = colour('map-border');
  pen.lineWidth = 1;
  for (const district of districts) {
    trace(pen, district.ring, scene);
    pen.closePath();
    pen.fill();
  }
  traceSmooth(pen, han, scene);
  pen.save();
  pen.strokeStyle = colour('map-water');
  pen.lineWidth = Math.max(3, RIVER * scene.view.scale);
  pen.stroke();
  pen.restore();
  for (const district of districts) {
    trace(pen, district.ring, scene);
    pen.closePath();
    pen.stroke();
  }
}

function drawNames(pen: Pen, scene: Scene): void {
  if (scene.view.scale < 1300) return;
  pen.font = `500 ${scene.view.scale > 5000 ? 13 : 11}px ${getComputedStyle(document.body).fontFamily}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillStyle = colour('map-name');
  for (const district of districts) {
    const [x, y] = toPixels(district.middle, scene.view, scene.size);
    pen.fillText(scene.korean ? district.ko : district.en, x, y);
  }
}

const radiusOf = (view: View): number => Math.min(7, Math.max(2.8, 1.9 + view.scale / 1800));

/** One path a kind: thousands of markers cost a few strokes. */
function drawMarkers(pen: Pen, scene: Scene): void {
  const byMark = new Map<Mark, Marker[]>();
  for (const marker of scene.markers) {
    const same = byMark.get(marker.mark);
    if (same) same.push(marker);
    else byMark.set(marker.mark, [marker]);
  }
  const r = radiusOf(scene.view);
  const land = colour('map-land');
  for (const [mark, markers] of byMark) {
    const { outline, hollow, ...look } = LOOKS[mark];
    pen.beginPath();
    for (const marker of markers) {
      const [x, y] = toPixels(marker, scene.view, scene.size);
      outline.forEach(([dx, dy], i) =>
        i ? pen.lineTo(x + r * dx, y + r * dy) : pen.moveTo(x + r * dx, y + r * dy),
      );
      pen.closePath();
    }
    pen.fillStyle = hollow ? land : colour(look.colour);
    pen.strokeStyle = hollow ? colour(look.colour) : land;
    pen.lineWidth = hollow ? 2 : 1;
    pen.fill();
    pen.stroke();
  }
}

function drawLabels(pen: Pen, scene: Scene): void {
  pen.font = `600 11px ${getComputedStyle(document.body).fontFamily}`;
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.strokeStyle = colour('map-land');
  pen.lineWidth = 3;
  for (const marker of scene.markers) {
    if (!marker.label) continue;
    const [x, y] = toPixels(marker, scene.view, scene.size);
    pen.fillStyle = colour('ink');
    pen.strokeText(marker.label, x + 10, y);
    pen.fillText(marker.label, x + 10, y);
  }
}

function drawLines(pen: Pen, scene: Scene): void {
  pen.strokeStyle = colour('accent');
  pen.lineWidth = 1.5;
  pen.setLineDash([5, 4]);
  for (const line of scene.lines) {
    trace(pen, line, scene);
    pen.stroke();
  }
  pen.setLineDash([]);
}

function drawChosen(pen: Pen, scene: Scene): void {
  const chosen = scene.markers.find((one) => one.key === scene.chosen);
  if (!chosen) return;
  const [x, y] = toPixels(chosen, scene.view, scene.size);
  pen.beginPath();
  pen.arc(x, y, radiusOf(scene.view) + 6, 0, 2 * Math.PI);
  pen.strokeStyle = colour('ink');
  pen.lineWidth = 2;
  pen.stroke();
}

export function draw(pen: Pen, scene: Scene): void {
  pen.fillStyle = colour('map-outside');
  pen.fillRect(0, 0, scene.size.width, scene.size.height);
  drawLand(pen, scene);
  drawNames(pen, scene);
  drawLines(pen, scene);
  drawMarkers(pen, scene);
  drawLabels(pen, scene);
  drawChosen(pen, scene);
}

/** What is at (x, y), if anything is within a finger's breadth. */
export function pickAt(scene: Scene, x: number, y: number): Marker | null {
  let [best, near] = [null as Marker | null, 14];
  for (const marker of scene.markers) {
    const [mx, my] = toPixels(marker, scene.view, scene.size);
    const distance = Math.hypot(mx - x, my - y);
    if (distance < near) [best, near] = [marker, distance];
  }
  return best;
}
