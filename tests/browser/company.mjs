// What there is to know of calls and couriers from their records alone.
import { count } from "./words.mjs";

/** The phases of calls that are under way: those that have an actor. */
export const LIVE = new Set([
  "DISPATCHING",
  "CONFIRMED",
  "ARRIVED",
  "PICKED_UP",
]);

/** What a courier does; nobody is lost here. */
export const standing = ({ onShift, lat, load, capacity }) =>
  !onShift
    ? "off_shift"
    : lat === null
      ? "unplaced"
      : load >= capacity
        ? "full"
        : load > 0
          ? "busy"
          : "free";

export const loadOf = ({ load, capacity }) =>
  `${count(load)} / ${count(capacity)}`;
