import type { Observation } from '../../app/contract/scene.ts';

/** A stretch of time in which a thing was seen, and the row that it is drawn in. */
export interface LabelSpan {
  readonly key: string;
  readonly label: string;
  readonly objectId: string | undefined;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly row: number;
}

/** Sightings of one thing less than this apart are one stretch. */
const gapMicros = 1_500_000;

/** Joins sightings of the same thing to stretches and lays them out in rows without overlap, by time of beginning. */
export const labelSpans = (
  observations: readonly Observation[],
  nameOf: (observation: Observation) => string,
): LabelSpan[] => {
  const joined: { label: string; objectId: string | undefined; startMicros: number; endMicros: number }[] = [];
  for (const [, group] of Map.groupBy(observations, ({ objectId, label }) => objectId ?? `label ${label}`)) {
    const sorted = group.toSorted((a, b) => a.ptsMicros - b.ptsMicros);
    let open: (typeof joined)[number] | undefined;
    for (const observation of sorted) {
      if (open && observation.ptsMicros - open.endMicros <= gapMicros) {
        open.endMicros = observation.ptsMicros;
      } else {
        const { objectId, ptsMicros } = observation;
        open = { label: nameOf(observation), objectId, startMicros: ptsMicros, endMicros: ptsMicros };
        joined.push(open);
      }
    }
  }
  joined.sort((a, b) => a.startMicros - b.startMicros || a.label.localeCompare(b.label));
  const rowEnds: number[] = [];
  return joined.map((span) => {
    const free = rowEnds.findIndex((end) => end < span.startMicros);
    const row = free < 0 ? rowEnds.length : free;
    rowEnds[row] = span.endMicros;
    return { ...span, row, key: `${span.objectId ?? span.label} ${span.startMicros}` };
  });
};
