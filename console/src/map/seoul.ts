// Seoul's districts as rings of places, put together from the borders they share.
import data from './seoul.json';
import type { Place } from './projection';

export interface District {
  ko: string;
  en: string;
  ring: Place[];
  middle: Place;
}

const place = ([lng = 0, lat = 0]: readonly number[]): Place => ({
  lat: lat / 1000,
  lng: lng / 1000,
});

const borders = data.borders.map((one) => one.map(place));

const walked = (index: number): Place[] =>
  index >= 0 ? borders[index]! : [...borders[~index]!].reverse();

function ringOf(indices: readonly number[]): Place[] {
  return indices.flatMap((index) => walked(index).slice(1));
}

/** The middle of the area, not of the points: a winding border would pull its name aside. */
export function middleOf(ring: readonly Place[]): Place {
  let [area, lat, lng] = [0, 0, 0];
  ring.forEach((a, i) => {
    const b = ring[(i + 1) % ring.length]!;
    const cross = a.lng * b.lat - b.lng * a.lat;
    area += cross;
    lng += (a.lng + b.lng) * cross;
    lat += (a.lat + b.lat) * cross;
  });
  return { lat: lat / (3 * area), lng: lng / (3 * area) };
}

export const districts: readonly District[] = data.districts.map(({ ko, en, ring }) => {
  const places = ringOf(ring);
  return { ko, en, ring: places, middle: middleOf(places) };
});

export const han: readonly Place[] = data.han.map(place);

export const everything: readonly Place[] = districts.flatMap((one) => one.ring);
