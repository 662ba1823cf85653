import type { Apartment } from './apartment.ts';
import { build, daylightOf, outdoorsOf } from './building.ts';
import { furnish } from './furnish.ts';
import { drawPlan } from './plan.ts';
import type { Plan } from './plan.ts';
import { createRandom } from './random.ts';

/** An apartment with the plan it was built from. */
export interface PlannedApartment extends Apartment {
  readonly plan: Plan;
}

/** Lays out and furnishes the apartment of a seed: the same seed gives the same apartment, to the last book. */
export const layOut = (seed: number): PlannedApartment => {
  const plan = drawPlan(createRandom(seed, 'plan'));
  const rooms = [plan.living, plan.kitchen, plan.corridor, plan.bedroom, plan.study];
  return {
    seed,
    plan,
    rooms,
    walls: plan.walls,
    structure: build(rooms, plan.walls),
    outdoors: outdoorsOf(rooms),
    daylight: daylightOf(plan.walls),
    ...furnish(plan, createRandom(seed, 'furniture')),
  };
};
