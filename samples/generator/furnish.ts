import type { Vector3 } from '../../app/contract/geometry.ts';
import type { Item, Lamp, MovedItem, Room } from './apartment.ts';
import { maskNumbers, roomHeight } from './apartment.ts';
import { bed } from './furniture/bedroom.ts';
import * as decor from './furniture/decor.ts';
import * as kitchen from './furniture/kitchen.ts';
import type { Piece } from './furniture/piece.ts';
import * as seating from './furniture/seating.ts';
import * as storage from './furniture/storage.ts';
import * as tables from './furniture/tables.ts';
import type { Plan } from './plan.ts';
import type { Random } from './random.ts';
import { at, box, together } from './shapes.ts';

type Side = 'south' | 'north' | 'west' | 'east';

const facing: Readonly<Record<Side, number>> = {
  south: 0,
  north: Math.PI,
  west: -Math.PI / 2,
  east: Math.PI / 2,
};

/** Puts pieces into rooms and gives each its name and mask number. */
class Furnisher {
  readonly items: Item[] = [];
  readonly lamps: Lamp[] = [];
  readonly #counts = new Map<string, number>();

  /** Stands a piece at a place of the world, its front turned from +y by `yaw`. */
  put(room: Room, piece: Piece, position: Vector3, yaw = 0): Item {
    const count = (this.#counts.get(piece.label) ?? 0) + 1;
    this.#counts.set(piece.label, count);
    const item: Item = {
      id: `${piece.label.replaceAll(' ', '-')}-${count}`,
      label: piece.label,
      maskNumber: maskNumbers.firstItem + this.items.length,
      room: room.name,
      piece,
      position,
      yaw,
    };
    this.items.push(item);
    return item;
  }

  /** Stands a piece with its back to a wall, `along` metres from the wall's west or south end, `z` above the floor. */
  against(room: Room, side: Side, along: number, piece: Piece, z = 0, gap = 0.015): Item {
    const inset = piece.size[1] / 2 + gap;
    const places: Readonly<Record<Side, Vector3>> = {
      south: [room.minX + along, room.minY + inset, z],
      north: [room.minX + along, room.maxY - inset, z],
      west: [room.minX + inset, room.minY + along, z],
      east: [room.maxX - inset, room.minY + along, z],
    };
    return this.put(room, piece, places[side], facing[side]);
  }

  /** Where a thing stands on top of an item, `right` and `forward` metres from its middle as one faces its front. */
  topOf(item: Item, right: number, forward: number, height = item.piece.size[2]): Vector3 {
    const [c, s] = [Math.cos(item.yaw), Math.sin(item.yaw)];
    return [
      item.position[0] + c * right - s * forward,
      item.position[1] + s * right + c * forward,
      item.position[2] + height,
    ];
  }

  /** Stands a piece on top of an item. */
  onTop(room: Room, item: Item, piece: Piece, right: number, forward: number, turn = 0): Item {
    return this.put(room, piece, this.topOf(item, right, forward), item.yaw + turn);
  }

  /** Hangs a lamp from the ceiling and lights it. */
  hang(room: Room, x: number, y: number, power: number): void {
    this.put(room, decor.pendant(0.55), [x, y, roomHeight]);
    this.lamps.push({ position: [x, y, roomHeight - 0.62], power });
  }
}

const door = (width: number): Piece => ({
  label: 'door',
  size: [width, 0.04, 2.05],
  shape: together(
    box([width, 0.035, 2.03], 'wood/white'),
    ...[-1, 1].flatMap((side) =>
      [
        [0.15, 0.75],
        [1.02, 0.86],
      ].map(([z = 0, height = 0]) =>
        at(box([width - 0.22, 0.01, height], 'wood/cream', { round: 0.004 }), 0, side * 0.02, z),
      ),
    ),
    ...[-1, 1].map((side) =>
      at(box([0.12, 0.02, 0.02], 'metal/brass', { round: 0.008 }), width / 2 - 0.1, side * 0.045, 1),
    ),
  ),
});

const furnishLiving = (f: Furnisher, { living: room }: Plan, random: Random): { coffee: Item; board: Item } => {
  const fabric = random.pick(['fabric/teal', 'fabric/denim', 'fabric/forest']);
  const couch = f.against(
    room,
    'south',
    2.85,
    seating.sofa(fabric, ['pattern/mustard', 'pattern/rust', 'pattern/cream']),
    0,
    0.05,
  );
  const x = couch.position[0];
  f.put(room, decor.rug('persian', 2.7, 1.9), [x, 1.62, 0]);
  const coffee = f.put(room, tables.coffeeTable('wood/oak'), [x, 1.66, 0], random.between(-0.04, 0.04));
  f.onTop(room, coffee, decor.bookPile(random), 0.32, 0.06, 0.3);
  f.onTop(room, coffee, kitchen.fruitBowl(), -0.3, -0.08);
  f.put(room, seating.armchair('fabric/mustard', 'pattern/teal'), [0.98, 1.75, 0], -1.75);
  f.put(room, decor.floorLamp(), [1.42, 0.42, 0]);
  f.lamps.push({ position: [1.42, 0.42, 1.72], power: 0.5 });
  f.put(room, decor.plant(1.35, random), [0.52, 0.52, 0]);
  const side = f.put(room, tables.sideTable('wood/walnut'), [x + 1.48, 0.46, 0]);
  f.onTop(room, side, decor.flowers(random), 0, 0);
  f.put(room, seating.ottoman('pattern/rust'), [x + 1.35, 1.5, 0], 0.3);
  f.against(room, 'north', 0.98, storage.bookshelf('wood/oak', 1.3, 1.95, random));
  const board = f.against(room, 'north', room.maxX - room.minX - 0.95, storage.sideboard('wood/walnut'));
  f.onTop(room, board, decor.television(), 0.12, -0.05);
  f.against(room, 'north', room.maxX - room.minX - 0.95, decor.picture(0, 1.15, 0.62), 1.55, 0);
  f.against(room, 'south', 2.3, decor.picture(1, 0.62, 0.82), 1.3, 0);
  f.against(room, 'south', 3.02, decor.picture(2, 0.55, 0.55), 1.5, 0);
  f.against(room, 'south', 3.68, decor.picture(3, 0.5, 0.7), 1.36, 0);
  f.against(room, 'east', 0.72, decor.picture(4, 0.75, 0.95, 'wood/oak'), 1.15, 0);
  f.against(room, 'west', 0.98, decor.curtain(0.5, 2.1, 'linen/cream'), 0.3, 0.03);
  f.against(room, 'west', 3.5, decor.curtain(0.5, 2.1, 'linen/cream'), 0.3, 0.03);
  f.hang(room, x, 1.7, 1.25);
  return { coffee, board };
};

const furnishKitchen = (f: Furnisher, { kitchen: room, doors }: Plan, random: Random): void => {
  const front = random.pick(['lacquer/sage', 'lacquer/navy']);
  const left = f.against(room, 'south', 1.35, kitchen.counter(front, 2.2));
  const stove = f.against(room, 'south', 2.77, kitchen.cooker());
  f.against(room, 'south', 3.62, kitchen.counter(front, 1.05));
  f.onTop(room, left, kitchen.sink(), 0.42, 0);
  f.put(room, kitchen.kettle('enamel/orange'), f.topOf(stove, 0.14, -0.12, 0.94), 0.5);
  f.onTop(room, left, decor.plant(0.42, random), -0.85, -0.1);
  f.against(room, 'south', 3.3, kitchen.wallShelf('wood/oak', 1.3), 1.5, 0);
  const table = f.put(room, tables.table('dining table', 1.45, 0.86, 0.75, 'wood/oak'), [room.minX + 2, 2.15, 0]);
  for (const [right, forward, turn] of [
    [-0.36, 0.56, Math.PI],
    [0.36, 0.6, Math.PI - 0.15],
    [-0.36, -0.56, 0],
    [0.36, -0.56, 0.1],
  ] as const) {
    f.put(room, seating.chair('wood/birch', 'pattern/teal'), f.topOf(table, right, forward, 0), table.yaw + turn);
  }
  f.onTop(room, table, decor.flowers(random), 0, 0.02);
  f.onTop(room, table, kitchen.plate(), -0.4, 0.22);
  f.onTop(room, table, kitchen.plate(), 0.38, -0.22);
  f.against(room, 'east', 1.25, kitchen.fridge());
  f.against(room, 'east', 3.95, storage.bin('metal/steel'), 0, 0.06);
  const chest = f.against(room, 'east', 2.72, storage.sideboard('wood/birch', 1.4, 3));
  f.onTop(room, chest, decor.tableLamp('ceramic/mustard'), -0.5, -0.02);
  f.onTop(room, chest, decor.plant(0.4, random), 0.45, 0);
  f.onTop(room, chest, decor.bookPile(random), 0.05, 0, 0.2);
  f.against(room, 'east', 3.8, decor.picture(9, 0.6, 0.75), 1.2, 0);
  f.put(room, decor.plant(1.15, random), [room.minX + 0.5, room.maxY - 0.5, 0]);
  f.against(room, 'north', 1.35, decor.picture(5, 0.7, 0.9, 'wood/oak'), 1.1, 0);
  f.against(room, 'north', 2.15, decor.clock(), 1.7, 0);
  f.against(room, 'west', 0.85, decor.picture(6, 0.6, 0.8), 1.2, 0);
  f.put(room, decor.rug('stripes', 1.7, 0.75), [room.minX + 1.6, 1.12, 0]);
  f.against(room, 'north', doors.kitchenCorridor.x + 0.98 - room.minX, door(0.88), 0, 0.016);
  f.hang(room, table.position[0], table.position[1], 1.2);
};

const furnishCorridor = (f: Furnisher, { corridor: room, doors }: Plan, random: Random): void => {
  const y = (room.minY + room.maxY) / 2;
  const width = room.maxX - room.minX;
  f.put(room, decor.rug('runner', 4.6, 0.8), [room.minX + 4.4, y - 0.08, 0]);
  const shelf = f.against(
    room,
    'west',
    room.maxY - room.minY - 0.68,
    storage.bookshelf('wood/walnut', 1.1, 1.5, random),
  );
  f.onTop(room, shelf, decor.plant(0.5, random), 0.2, 0);
  const between = (doors.corridorBedroom.x + doors.corridorStudy.x) / 2 - room.minX;
  const narrow = f.against(room, 'north', between, tables.consoleTable('wood/oak'));
  f.onTop(room, narrow, decor.tableLamp('ceramic/blue'), -0.3, 0);
  f.onTop(room, narrow, kitchen.fruitBowl(), 0.22, 0);
  f.against(room, 'north', between, decor.picture(7, 0.8, 0.6), 1.4, 0);
  [1.1, 4.1, 5.2, 6.5].forEach((x, i) => {
    f.against(room, 'south', x, decor.picture((8 + i) % 12, 0.6, 0.75, i % 2 ? 'wood/oak' : 'wood/walnut'), 1.2, 0);
  });
  f.against(room, 'north', doors.kitchenCorridor.x - room.minX, decor.picture(2, 1, 0.8), 1.15, 0);
  f.against(room, 'north', 1.2, decor.picture(10, 0.6, 0.75, 'wood/oak'), 1.2, 0);
  f.put(room, seating.stool('wood/birch'), [room.maxX - 0.35, room.maxY - 0.3, 0]);
  f.hang(room, room.minX + width * 0.28, y, 0.75);
  f.hang(room, room.minX + width * 0.75, y, 0.75);
};

const furnishBedroom = (f: Furnisher, { bedroom: room, doors }: Plan, random: Random): void => {
  const depth = room.maxY - room.minY;
  const bedAlong = depth / 2 + 0.12;
  f.put(room, decor.rug('moroccan', 1.7, 2.3), [room.minX + 2, room.minY + bedAlong, 0]);
  f.against(
    room,
    'west',
    bedAlong,
    bed('wood/walnut', random.pick(['quilt/rose', 'quilt/sky']), 'pattern/mustard'),
    0,
    0.02,
  );
  for (const along of [bedAlong - 1.04, bedAlong + 1.04]) {
    const stand = f.against(room, 'west', along, tables.nightstand('wood/oak'));
    f.onTop(room, stand, decor.tableLamp(along < bedAlong ? 'ceramic/mustard' : 'ceramic/blue'), -0.05, 0);
    f.lamps.push({ position: [stand.position[0], stand.position[1], 1.05], power: 0.18 });
  }
  f.against(room, 'west', bedAlong, decor.picture(9, 0.95, 0.7, 'wood/oak'), 1.3, 0);
  f.against(room, 'west', bedAlong - 1.04, decor.picture(4, 0.4, 0.5), 1.4, 0);
  const wardrobe = f.against(room, 'east', depth / 2 + 0.1, storage.wardrobe('wood/birch'));
  f.onTop(room, wardrobe, storage.basket(), -0.3, 0);
  const chest = f.against(room, 'north', room.maxX - room.minX - 1.45, storage.dresser('wood/white'));
  f.onTop(room, chest, decor.flowers(random), 0.3, 0);
  f.onTop(room, chest, decor.bookPile(random), -0.25, 0, 0.4);
  f.against(room, 'north', room.maxX - room.minX - 1.45, decor.picture(11, 0.6, 0.8, 'metal/brass'), 1.15, 0);
  f.put(room, decor.plant(1.2, random), [room.maxX - 0.48, room.maxY - 0.48, 0]);
  f.against(room, 'east', 0.75, decor.picture(3, 0.5, 0.65), 1.25, 0);
  f.put(room, seating.ottoman('pattern/blush'), [room.maxX - 0.45, room.minY + 0.68, 0], 0.4);
  f.against(room, 'north', 0.55, decor.curtain(0.4, 2.1, 'linen/blue'), 0.3, 0.03);
  f.against(room, 'north', 2.2, decor.curtain(0.4, 2.1, 'linen/blue'), 0.3, 0.03);
  f.against(room, 'south', doors.corridorBedroom.x + 0.98 - room.minX, door(0.88), 0, 0.016);
  f.hang(room, room.minX + 2.5, room.minY + depth / 2, 1);
};

const furnishStudy = (f: Furnisher, { study: room, doors }: Plan, random: Random): void => {
  const [width, depth] = [room.maxX - room.minX, room.maxY - room.minY];
  f.put(room, decor.rug('geometric', 2.3, 1.7), [room.minX + 2.1, room.minY + 1.6, 0]);
  const desk = f.against(room, 'north', 2.95, tables.desk('wood/oak'));
  f.onTop(room, desk, decor.monitor(), 0, -0.15);
  f.onTop(room, desk, decor.keyboard(), 0, 0.14);
  f.onTop(room, desk, decor.tableLamp('metal/brass'), 0.58, -0.12);
  f.onTop(room, desk, decor.bookPile(random), -0.55, 0.05, 0.4);
  f.put(room, seating.officeChair('fabric/rust'), [desk.position[0] - 0.1, desk.position[1] - 0.78, 0], 0.35);
  f.against(room, 'north', 2.5, decor.picture(8, 0.5, 0.65), 1.45, 0);
  f.against(room, 'north', 3.2, decor.picture(6, 0.65, 0.5), 1.55, 0);
  f.against(room, 'west', 2.45, storage.bookshelf('wood/walnut', 1.7, 2.05, random));
  f.against(room, 'west', 0.85, storage.bookshelf('wood/walnut', 1.1, 1.25, random));
  f.put(room, seating.armchair('leather/brown', 'pattern/cream'), [room.maxX - 0.68, room.maxY - 1.45, 0], 1.75);
  f.put(room, decor.floorLamp(), [room.maxX - 0.32, room.maxY - 0.45, 0]);
  f.lamps.push({ position: [room.maxX - 0.32, room.maxY - 0.45, 1.72], power: 0.5 });
  const board = f.against(room, 'south', width - 1.3, storage.sideboard('wood/birch', 1.3, 2));
  f.onTop(room, board, decor.globe(), -0.4, 0);
  f.onTop(room, board, decor.bookPile(random), 0.1, 0.02, -0.2);
  f.onTop(room, board, decor.plant(0.45, random), 0.48, 0);
  f.against(room, 'south', width - 1.3, decor.picture(0, 1, 0.7, 'wood/oak'), 1.25, 0);
  f.put(room, storage.bin('metal/black'), [desk.position[0] + 0.95, room.maxY - 0.3, 0]);
  f.put(room, decor.plant(1.1, random), [room.minX + 0.48, room.maxY - 0.48, 0]);
  f.against(room, 'east', 0.6, decor.picture(7, 0.55, 0.7), 1.25, 0);
  f.against(room, 'south', doors.corridorStudy.x - 0.98 - room.minX, door(0.88), 0, 0.016);
  f.hang(room, room.minX + width * 0.5, room.minY + depth / 2, 1.15);
};

/** Furnishes every room. The red mug is put down twice: first on the coffee table, later on the sideboard. */
export const furnish = (
  plan: Plan,
  random: Random,
): { readonly items: readonly Item[]; readonly moved: MovedItem; readonly lamps: readonly Lamp[] } => {
  const f = new Furnisher();
  const { coffee, board } = furnishLiving(f, plan, random);
  const item = f.put(plan.living, kitchen.mug('ceramic/red'), f.topOf(coffee, 0.02, 0.14), -0.6);
  furnishKitchen(f, plan, random);
  furnishCorridor(f, plan, random);
  furnishBedroom(f, plan, random);
  furnishStudy(f, plan, random);
  return { items: f.items, moved: { item, after: { position: f.topOf(board, 0.3, 0.12), yaw: 2.2 } }, lamps: f.lamps };
};
