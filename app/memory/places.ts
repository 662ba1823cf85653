import type { AskedQuestion } from '../contract/question.ts';
import type { Observation, Relation, SceneObject } from '../contract/scene.ts';
import { absent, allOf, anyOf, atMost, equal, greater, oneOf } from './store/predicate.ts';
import type { Predicate } from './store/predicate.ts';
import { TableStore } from './store/table-store.ts';
import type { Database } from './store/table-store.ts';
import {
  derivedTable,
  environmentFactsTable,
  objectsTable,
  observationsTable,
  questionsTable,
  relationsTable,
} from './tables.ts';
import type { EnvironmentFacts, ObjectRow } from './tables.ts';

/** One version of an object and the time, in milliseconds since 1970, during which it was what Loci believed. */
export interface ObjectVersion {
  readonly object: SceneObject;
  readonly validFromMillis: number;
  /** Absent for what is believed now. */
  readonly validToMillis?: number;
  readonly supersededReason?: string;
}

/** Why and when something changes in the library; now, when no time is given. */
export interface Change {
  readonly reason: string;
  readonly atMillis?: number;
}

/** What is known of places: observations, objects and their past, relations, facts, and questions asked. */
export class Places {
  readonly #observations;
  readonly #objects;
  readonly #relations;
  readonly #questions;
  readonly #facts;
  readonly #derived;

  constructor(database: Database) {
    this.#observations = new TableStore(database, observationsTable);
    this.#objects = new TableStore(database, objectsTable);
    this.#relations = new TableStore(database, relationsTable);
    this.#questions = new TableStore(database, questionsTable);
    this.#facts = new TableStore(database, environmentFactsTable);
    this.#derived = new TableStore(database, derivedTable);
  }

  get stores(): readonly { compact(): Promise<void>; close(): Promise<void> }[] {
    return [this.#observations, this.#objects, this.#relations, this.#questions, this.#facts, this.#derived];
  }

  /** Observations of a session in order of time. */
  async observations(sessionId: string): Promise<Observation[]> {
    const rows = await this.#observations.select({ where: equal('sessionId', sessionId) });
    return rows.sort((a, b) => a.ptsMicros - b.ptsMicros || (a.id < b.id ? -1 : 1));
  }

  saveObservations(observations: readonly Observation[]): Promise<void> {
    return this.#observations.upsert(observations);
  }

  async objects(environment: string, asOfMillis?: number): Promise<SceneObject[]> {
    const time =
      asOfMillis === undefined
        ? absent('validToMillis')
        : allOf(
            atMost('validFromMillis', asOfMillis),
            anyOf(absent('validToMillis'), greater('validToMillis', asOfMillis)),
          );
    const rows = await this.#objects.select({ where: allOf(equal('environment', environment), time) });
    return rows.map(sceneObject).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async objectHistory(environment: string, id: string): Promise<ObjectVersion[]> {
    const rows = await this.#objects.select({ where: allOf(equal('environment', environment), equal('id', id)) });
    return rows
      .sort((a, b) => a.validFromMillis - b.validFromMillis)
      .map((row) => ({
        object: sceneObject(row),
        validFromMillis: row.validFromMillis,
        ...(row.validToMillis !== undefined && { validToMillis: row.validToMillis }),
        ...(row.supersededReason !== undefined && { supersededReason: row.supersededReason }),
      }));
  }

  /** Makes these the present versions; what they supersede gets its end and the reason, in the same commit. */
  saveObjects(objects: readonly SceneObject[], change: Change): Promise<void> {
    return this.#objects.write(async (writer) => {
      const current = await this.#current(objects);
      const latest = new Map(objects.map((object) => [placeOf(object), object]));
      const rows = [...latest].flatMap(([place, object]): ObjectRow[] => {
        const old = current.get(place);
        if (!old) {
          return [{ ...object, validFromMillis: change.atMillis ?? Date.now() }];
        }
        if (JSON.stringify(canonical(sceneObject(old))) === JSON.stringify(canonical(object))) {
          return [];
        }
        const atMillis = timeAfter(old, change);
        return [ended(old, atMillis, change.reason), { ...object, validFromMillis: atMillis }];
      });
      await writer.upsert(rows);
    });
  }

  /** Ends the present versions of these objects; their past stays. */
  removeObjects(environment: string, ids: readonly string[], change: Change): Promise<void> {
    return this.#objects.write(async (writer) => {
      const current = await this.#current(ids.map((id) => ({ environment, id })));
      await writer.upsert([...current.values()].map((old) => ended(old, timeAfter(old, change), change.reason)));
    });
  }

  /** How many objects each environment has now. */
  async objectCounts(): Promise<Map<string, number>> {
    const rows = await this.#objects.selectOnly(['environment'], { where: absent('validToMillis') });
    const counts = new Map<string, number>();
    for (const { environment } of rows) {
      counts.set(environment, (counts.get(environment) ?? 0) + 1);
    }
    return counts;
  }

  async relations(environment: string): Promise<Relation[]> {
    return await this.#relations.select({ where: equal('environment', environment) });
  }

  /** The entry of the edit log up to which the stored relations were derived. */
  async relationsRevision(environment: string): Promise<number> {
    const [row] = await this.#derived.select({ where: equal('environment', environment), limit: 1 });
    return row?.relationsRevision ?? 0;
  }

  /** The mark comes last: relations that a crash leaves without it are derived again by whoever reads them. */
  async replaceRelations(
    environment: string,
    relations: readonly Omit<Relation, 'environment'>[],
    relationsRevision: number,
  ): Promise<void> {
    await this.#relations.replace(
      equal('environment', environment),
      relations.map((relation) => ({ ...relation, environment })),
    );
    if (relationsRevision > 0) {
      await this.#derived.upsert([{ environment, relationsRevision }]);
    }
  }

  /** Questions in the order in which they were asked. */
  async questions(environment: string): Promise<AskedQuestion[]> {
    const rows = await this.#questions.select({ where: equal('environment', environment) });
    return rows.sort((a, b) => a.askedAtMillis - b.askedAtMillis);
  }

  saveQuestion(question: AskedQuestion): Promise<void> {
    return this.#questions.upsert([question]);
  }

  async facts(environment: string): Promise<EnvironmentFacts | undefined> {
    return (await this.#facts.select({ where: equal('environment', environment), limit: 1 }))[0];
  }

  async environmentsWithFacts(): Promise<string[]> {
    return (await this.#facts.selectOnly(['environment'])).map((row) => row.environment);
  }

  saveFacts(facts: EnvironmentFacts): Promise<void> {
    return this.#facts.upsert([facts]);
  }

  /** Present versions of the named objects, by `placeOf`. */
  async #current(named: readonly NamedObject[]): Promise<Map<string, ObjectRow>> {
    const groups = [...Map.groupBy(named, (object) => object.environment)];
    if (groups.length === 0) {
      return new Map();
    }
    const conditions = groups.map(([environment, objects]): Predicate =>
      allOf(
        equal('environment', environment),
        oneOf(
          'id',
          objects.map((object) => object.id),
        ),
      ),
    );
    const rows = await this.#objects.select({ where: allOf(absent('validToMillis'), anyOf(...conditions)) });
    return new Map(rows.map((row) => [placeOf(row), row]));
  }
}

interface NamedObject {
  readonly environment: string;
  readonly id: string;
}

const placeOf = ({ environment, id }: NamedObject): string => JSON.stringify([environment, id]);

/** Later than the version that it ends, whatever the clock says, so that no two versions begin at the same time. */
const timeAfter = (old: ObjectRow, change: Change): number =>
  Math.max(change.atMillis ?? Date.now(), old.validFromMillis + 1);

const ended = (old: ObjectRow, validToMillis: number, supersededReason: string): ObjectRow => ({
  ...old,
  validToMillis,
  supersededReason,
});

const sceneObject = (row: ObjectRow): SceneObject => {
  const { validFromMillis: _from, validToMillis: _to, supersededReason: _reason, ...object } = row;
  return object;
};

/** Properties in one order, so that equal objects have equal JSON. */
const canonical = (object: SceneObject): unknown => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
