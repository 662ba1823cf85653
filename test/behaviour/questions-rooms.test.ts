import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { OrientedBox } from '../../app/contract/geometry.ts';
import { answerQuestion } from '../../app/reasoning/ask.ts';
import type { SceneMemory } from '../../app/reasoning/scene-memory.ts';
import { deriveRelations } from '../../app/scene/relations.ts';
import { objectsOfDocument, parseSceneDocument } from '../../app/scene/scene-document.ts';

/**
 * Real rooms with measured boxes, which lie beside the project where it is developed and are no part of it. Where they are
 * absent this is skipped; `questions.test.ts` asks the same kinds of question of a room made by hand.
 */
const file = new URL('../../../shared/data/rooms/scannetpp.json', import.meta.url);

const numbers = z.array(z.number());
const roomsSchema = z.record(
  z.string(),
  z.object({
    room_size: z.number(),
    object_counts: z.record(z.string(), z.number()),
    object_bbox: z.record(
      z.string(),
      z.array(z.object({ centroid: numbers, axesLengths: numbers, normalizedAxes: numbers })),
    ),
  }),
);

/** Distance by another method: projected gradient on ½|p − q|² over the two boxes' own coordinates. */
const distanceByGradient = (a: OrientedBox, b: OrientedBox): number => {
  const at = (box: OrientedBox, t: number[]): number[] =>
    [0, 1, 2].map((j) => box.center[j]! + t[0]! * box.axes[j]! + t[1]! * box.axes[3 + j]! + t[2]! * box.axes[6 + j]!);
  const step = (box: OrientedBox, t: number[], gap: number[]): number[] =>
    t.map((value, i) => {
      const half = box.axesLengths[i]! / 2;
      const slope = gap[0]! * box.axes[3 * i]! + gap[1]! * box.axes[3 * i + 1]! + gap[2]! * box.axes[3 * i + 2]!;
      return Math.max(-half, Math.min(half, value - 0.5 * slope));
    });
  let s = [0, 0, 0];
  let t = [0, 0, 0];
  const gapOf = (): number[] => at(a, s).map((value, i) => value - at(b, t)[i]!);
  for (let i = 0; i < 600; i++) {
    const gap = gapOf();
    s = step(a, s, gap);
    t = step(
      b,
      t,
      gap.map((value) => -value),
    );
  }
  return Math.hypot(...gapOf());
};

const memoryOf = (name: string, room: z.infer<typeof roomsSchema>[string]): SceneMemory => {
  const parsed = parseSceneDocument({
    environment: name,
    floorAreaSquareMetres: room.room_size,
    objects: Object.entries(room.object_bbox).flatMap(([label, boxes]) =>
      boxes.map(({ centroid, axesLengths, normalizedAxes }, i) => ({
        id: `${label.replaceAll(' ', '-')}-${i + 1}`,
        label,
        center: centroid,
        axesLengths,
        axes: normalizedAxes,
      })),
    ),
  });
  if (!parsed.ok) {
    throw new Error(parsed.error.message);
  }
  const objects = objectsOfDocument(parsed.value);
  return {
    environment: name,
    objects,
    relations: deriveRelations(objects),
    sessions: [],
    floorAreaSquareMetres: room.room_size,
  };
};

describe.skipIf(!existsSync(file))('questions about real rooms', () => {
  const rooms = existsSync(file) ? Object.entries(roomsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))) : [];
  const memories = rooms.map(([name, room]) => ({ room, memory: memoryOf(name, room) }));

  it('counts every category of every room', () => {
    let asked = 0;
    for (const { room, memory } of memories) {
      for (const [category, count] of Object.entries(room.object_counts)) {
        expect(answerQuestion(`How many ${category}(s) are in this room?`, memory)).toMatchObject({ value: count });
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(300);
  });

  it('measures distances between unique things as an independent method does', () => {
    let asked = 0;
    for (const { room, memory } of memories.slice(0, 12)) {
      const unique = Object.keys(room.object_counts).filter((category) => room.object_counts[category] === 1);
      for (const [i, first] of unique.entries()) {
        const second = unique[(i + 1) % unique.length]!;
        if (first === second) {
          continue;
        }
        const [a, b] = [first, second].map((name) => memory.objects.find(({ label }) => label === name)!);
        const answer = answerQuestion(
          `Measuring from the closest point of each object, what is the direct distance between the ${first} and the ${second} (in meters)?`,
          memory,
        );
        expect(answer).toMatchObject({ status: 'answered', unit: 'm' });
        expect(Math.abs((answer.value as number) - distanceByGradient(a!, b!))).toBeLessThan(0.01);
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(30);
  });

  it('knows sizes of unique things and of the room', () => {
    for (const { room, memory } of memories) {
      const answer = answerQuestion(
        'What is the size of this room (in square meters)?\nIf multiple rooms are shown, estimate the size of the combined space.',
        memory,
      );
      expect(answer.value).toBeCloseTo(room.room_size, 2);
      for (const [category, boxes] of Object.entries(room.object_bbox)) {
        if (boxes.length === 1) {
          const size = answerQuestion(
            `What is the length of the longest dimension (length, width, or height) of the ${category}, measured in centimeters?`,
            memory,
          );
          expect(size.value).toBeCloseTo(100 * Math.max(...boxes[0]!.axesLengths), 1);
        }
      }
    }
  });
});
