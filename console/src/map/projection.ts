// Between degrees and pixels. Pure. A city is small: a degree of longitude has one length all over
// it, which bends Seoul's shape by less than a pixel.

export interface Place {
  lat: number;
  lng: number;
}

/** What a map shows: the middle, and how many pixels a degree of latitude has. */
export interface View extends Place {
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

const SEOUL = 37.56;
const NARROW = Math.cos((SEOUL * Math.PI) / 180);

export const LEAST_SCALE = 600;
export const MOST_SCALE = 120_000;

export const toPixels = (at: Place, view: View, size: Size): [number, number] => [
  size.width / 2 + (at.lng - view.lng) * NARROW * view.scale,
  size.height / 2 - (at.lat - view.lat) * view.scale,
];

export const toPlace = (x: number, y: number, view: View, size: Size): Place => ({
  lng: view.lng + (x - size.width / 2) / (NARROW * view.scale),
  lat: view.lat - (y - size.height / 2) / view.scale,
});

export const pan = (view: View, dx: number, dy: number): View => ({
  ...view,
  lng: view.lng - dx / (NARROW * view.scale),
  lat: view.lat + dy / view.scale,
});

export interface Box {
  south: number;
  west: number;
  north: number;
  east: number;
}

/** What a view shows, to about a hundred metres more: who moves by a pixel asks nothing new. */
export function boxOf(view: View, size: Size): Box {
  const low = toPlace(0, size.height, view, size);
  const high = toPlace(size.width, 0, view, size);
  const down = (degrees: number): number => Math.floor(degrees * 1000) / 1000;
  const up = (degrees: number): number => Math.ceil(degrees * 1000) / 1000;
  // Panned beyond the edge of the world, both sides lie there.
  const within = (degrees: number, most: number): number =>
    Math.max(-most, Math.min(most, degrees));
  return {
    south: within(down(low.lat), 90),
    west: within(down(low.lng), 180),
    north: within(up(high.lat), 90),
    east: within(up(high.lng), 180),
  };
}

/** Zooms by a factor; what is under (x, y) stays there. */
export function zoom(view: View, factor: number, x: number, y: number, size: Size): View {
  const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, view.scale * factor));
  const kept = toPlace(x, y, view, size);
  const moved = toPlace(x, y, { ...view, scale }, size);
  return {
    scale,
    lat: view.lat + kept.lat - moved.lat,
    lng: view.lng + kept.lng - moved.lng,
  };
}

/** The view that shows all these places, with `margin` pixels around them. */
export function fit(
  places: readonly Place[],
  size: Size,
  margin = Math.min(24, size.width / 40),
): View {
  const lats = places.map((one) => one.lat);
  const lngs = places.map((one) => one.lng);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const [west, east] = [Math.min(...lngs), Math.max(...lngs)];
  const across = Math.max((east - west) * NARROW, 1e-4);
  const along = Math.max(north - south, 1e-4);
  const scale = Math.min(
    Math.max(1, size.width - 2 * margin) / across,
    Math.max(1, size.height - 2 * margin) / along,
    // A single place would fill the map with nothing around it.
    20_000,
  );
  return { lat: (south + north) / 2, lng: (west + east) / 2, scale: Math.max(LEAST_SCALE, scale) };
}
