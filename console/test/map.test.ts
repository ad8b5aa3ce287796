import { describe, expect, it } from 'vitest';
import { LOOKS } from '../src/map/marks';
import { boxOf, fit, pan, toPixels, toPlace, zoom } from '../src/map/projection';
import { districts, everything, middleOf } from '../src/map/seoul';

const size = { width: 800, height: 600 };
const view = { lat: 37.56, lng: 126.98, scale: 2000 };

describe('the projection', () => {
  it('goes there and back', () => {
    const [x, y] = toPixels({ lat: 37.5, lng: 127.05 }, view, size);
    const back = toPlace(x, y, view, size);
    expect(back.lat).toBeCloseTo(37.5, 9);
    expect(back.lng).toBeCloseTo(127.05, 9);
  });

  it('puts north above and east to the right', () => {
    const [x, y] = toPixels({ lat: 37.6, lng: 127.1 }, view, size);
    expect(x).toBeGreaterThan(400);
    expect(y).toBeLessThan(300);
  });

  it('keeps what is under the pointer there while it zooms', () => {
    const before = toPlace(120, 450, view, size);
    const [x, y] = toPixels(before, zoom(view, 1.7, 120, 450, size), size);
    expect([x, y].map(Math.round)).toEqual([120, 450]);
  });

  it('moves with the pointer', () => {
    const [x, y] = toPixels(view, pan(view, 30, -20), size);
    expect([x, y].map(Math.round)).toEqual([430, 280]);
  });

  it('shows all places it is to fit, and not a single one from too near', () => {
    const all = fit(everything, size);
    for (const place of everything) {
      const [x, y] = toPixels(place, all, size);
      expect(x >= 0 && x <= size.width && y >= 0 && y <= size.height).toBe(true);
    }
    expect(fit([view], size).scale).toBeLessThanOrEqual(20_000);
  });
});

describe('the box one looks at', () => {
  it('holds all that is shown, and hardly more', () => {
    const box = boxOf(view, size);
    const low = toPlace(0, size.height, view, size);
    const high = toPlace(size.width, 0, view, size);
    for (const [edge, outer, way] of [
      [low.lat, box.south, -1],
      [low.lng, box.west, -1],
      [high.lat, box.north, 1],
      [high.lng, box.east, 1],
    ] as const) {
      expect((outer - edge) * way).toBeGreaterThanOrEqual(0);
      expect((outer - edge) * way).toBeLessThan(0.0011);
    }
  });

  it('is never beyond the poles', () => {
    const world = boxOf({ lat: 89, lng: 179, scale: 1 }, size);
    expect([world.north, world.east, world.south, world.west]).toEqual([90, 180, -90, -180]);
  });
});

describe('marks', () => {
  it('differ by more than their colour', () => {
    const drawn = Object.values(LOOKS).map(({ outline, hollow }) =>
      JSON.stringify([outline, hollow]),
    );
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

describe('Seoul', () => {
  it('has its 25 districts, each a ring around its middle', () => {
    expect(districts).toHaveLength(25);
    for (const { ring, ko } of districts) {
      expect(ring.length, ko).toBeGreaterThan(8);
      const middle = middleOf(ring);
      const lats = ring.map((one) => one.lat);
      expect(middle.lat > Math.min(...lats) && middle.lat < Math.max(...lats), ko).toBe(true);
    }
  });

  it('has no gap between neighbours: every border is walked by two districts or by one', () => {
    const key = (a: { lat: number; lng: number }) => `${a.lat} ${a.lng}`;
    const walked = new Map<string, number>();
    for (const { ring } of districts)
      ring.forEach((a, i) => {
        const edge = [key(a), key(ring[(i + 1) % ring.length]!)].sort().join('|');
        walked.set(edge, (walked.get(edge) ?? 0) + 1);
      });
    expect(Math.max(...walked.values())).toBe(2);
    expect([...walked.values()].filter((n) => n === 2).length).toBeGreaterThan(150);
  });
});
