import type { Opening, Room, Wall } from './apartment.ts';
import { wallThickness } from './apartment.ts';
import type { Random } from './random.ts';

/** The rooms by name, and the walls between them. */
export interface Plan {
  readonly living: Room;
  readonly kitchen: Room;
  readonly corridor: Room;
  readonly bedroom: Room;
  readonly study: Room;
  readonly walls: readonly Wall[];
  /** Where one walks through: the middle of each door, named by the rooms it joins. */
  readonly doors: {
    readonly livingKitchen: { readonly x: number; readonly y: number };
    readonly kitchenCorridor: { readonly x: number; readonly y: number };
    readonly corridorStudy: { readonly x: number; readonly y: number };
    readonly corridorBedroom: { readonly x: number; readonly y: number };
    readonly livingCorridor: { readonly x: number; readonly y: number };
  };
}

const doorAt = (middle: number, width = 0.95): Opening => ({
  kind: 'door',
  from: middle - width / 2,
  to: middle + width / 2,
  bottom: 0,
  top: 2.08,
});

const windowAt = (middle: number, width: number, bottom = 0.92, top = 2.2): Opening => ({
  kind: 'window',
  from: middle - width / 2,
  to: middle + width / 2,
  bottom,
  top,
});

/**
 * Draws the floor plan: living room and kitchen to the south, bedroom and study to the north, a corridor between.
 * The seed moves the walls by some decimetres and chooses what covers them.
 */
export const drawPlan = (random: Random): Plan => {
  const jitter = (): number => random.between(-0.15, 0.15);
  const livingWidth = 5.2 + jitter();
  const bedroomWidth = 4.6 + jitter();
  const east = 9.6 + jitter();
  const southDepth = 4.4 + jitter();
  const corridorNorth = southDepth + 1.5;
  const north = corridorNorth + 3.6 + jitter();
  const t = wallThickness / 2;
  const room = (
    name: string,
    [minX, maxX]: readonly [number, number],
    [minY, maxY]: readonly [number, number],
    floor: string,
    walls: string,
  ): Room => ({ name, minX: minX + t, maxX: maxX - t, minY: minY + t, maxY: maxY - t, floor, walls });

  const planks = random.pick(['planks/oak', 'planks/honey']);
  const living = room(
    'living room',
    [0, livingWidth],
    [0, southDepth],
    planks,
    random.pick(['leaves/sage', 'leaves/sand']),
  );
  const kitchen = room(
    'kitchen',
    [livingWidth, east],
    [0, southDepth],
    'tiles/checker',
    random.pick(['trellis/butter', 'trellis/peach']),
  );
  const corridor = room(
    'corridor',
    [0, east],
    [southDepth, corridorNorth],
    planks,
    random.pick(['dots/cream', 'dots/blush']),
  );
  const bedroom = room(
    'bedroom',
    [0, bedroomWidth],
    [corridorNorth, north],
    planks,
    random.pick(['birds/blue', 'birds/mist']),
  );
  const study = room(
    'study',
    [bedroomWidth, east],
    [corridorNorth, north],
    planks,
    random.pick(['stripes/clay', 'stripes/moss']),
  );

  const doors = {
    livingKitchen: { x: livingWidth, y: 2.5 },
    kitchenCorridor: { x: east - 1.65, y: southDepth },
    corridorStudy: { x: bedroomWidth + 2, y: corridorNorth },
    corridorBedroom: { x: 2.65, y: corridorNorth },
    livingCorridor: { x: 2.65, y: southDepth },
  };
  const wall = (
    along: 'x' | 'y',
    line: number,
    [from, to]: readonly [number, number],
    below: Room | undefined,
    above: Room | undefined,
    openings: readonly Opening[] = [],
  ): Wall => ({ along, line, from, to, below, above, openings });
  const walls = [
    wall('x', 0, [0, livingWidth], undefined, living, [windowAt(0.98, 1.1)]),
    wall('x', 0, [livingWidth, east], undefined, kitchen, [windowAt(livingWidth + 1.9, 1.3, 1.12)]),
    wall('x', southDepth, [0, livingWidth], living, corridor, [doorAt(doors.livingCorridor.x, 1.15)]),
    wall('x', southDepth, [livingWidth, east], kitchen, corridor, [doorAt(doors.kitchenCorridor.x)]),
    wall('x', corridorNorth, [0, bedroomWidth], corridor, bedroom, [doorAt(doors.corridorBedroom.x)]),
    wall('x', corridorNorth, [bedroomWidth, east], corridor, study, [doorAt(doors.corridorStudy.x)]),
    wall('x', north, [0, bedroomWidth], bedroom, undefined, [windowAt(1.45, 1.2)]),
    wall('x', north, [bedroomWidth, east], study, undefined, [windowAt(bedroomWidth + 1.1, 1.1)]),
    wall('y', 0, [0, southDepth], undefined, living, [windowAt(2.3, 1.8, 0.75)]),
    wall('y', 0, [southDepth, corridorNorth], undefined, corridor),
    wall('y', 0, [corridorNorth, north], undefined, bedroom),
    wall('y', livingWidth, [0, southDepth], living, kitchen, [
      { kind: 'passage', from: 1.55, to: 3.45, bottom: 0, top: 2.25 },
    ]),
    wall('y', bedroomWidth, [corridorNorth, north], bedroom, study),
    wall('y', east, [0, southDepth], kitchen, undefined, [windowAt(2.75, 1.3)]),
    wall('y', east, [southDepth, corridorNorth], corridor, undefined, [
      windowAt((southDepth + corridorNorth) / 2, 0.8),
    ]),
    wall('y', east, [corridorNorth, north], study, undefined, [windowAt(corridorNorth + 1.9, 1.5)]),
  ];
  return { living, kitchen, corridor, bedroom, study, walls, doors };
};
