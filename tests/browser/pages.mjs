// Every page of the console, and what on it must be there before it can be said to be shown.

/** `call` and `courier` are numbers that there are; the call has had a courier. */
export const pagesOf = ({ call, courier }) => ({
  overview: ["#/overview", ".chart canvas"],
  map: ["#/map", ".map-panel .picks li >> nth=5"],
  calls: ["#/calls", "tbody tr >> nth=10"],
  taxis: ["#/calls/taxi", "tbody tr >> nth=2"],
  couriers: ["#/couriers", "tbody tr >> nth=10"],
  courier: [`#/couriers/${courier}`, ".detail-facts .facts dd >> nth=5"],
  tree: ["#/actors/tree", ".tree-line >> nth=8"],
  top: ["#/actors/top", "tbody tr >> nth=10"],
  actor: ["#/actors/dispatcher/pickup", ".stack .facts dd >> nth=2"],
  supervision: ["#/supervision", "[data-restart] >> nth=0"],
  letters: ["#/letters", ".thirds .card >> nth=2"],
  breakers: ["#/breakers", "tbody tr >> nth=2"],
  call: [`#/calls/pickup/${call}`, ".timeline li time >> nth=2"],
  history: [`#/calls/pickup/${call}?tab=history`, "tbody tr >> nth=2"],
  explain: [
    `#/calls/pickup/${call}?tab=explain`,
    ".explanation tbody tr >> nth=0",
  ],
});
