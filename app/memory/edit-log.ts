import type { Revision } from '../contract/edit.ts';
import { allOf, atMost, equal } from './store/predicate.ts';
import { TableStore } from './store/table-store.ts';
import type { Database } from './store/table-store.ts';
import { editsTable } from './tables.ts';
import type { EditRow, EditStep } from './tables.ts';

/** A step that changes something, and its revision. */
export interface Edit {
  readonly revision: number;
  readonly step: EditStep;
}

/**
 * What people changed in the environments of a library, as a log that is only ever added to. A step is one row, so it
 * happens entirely or not at all; taking one back is a row as well. Nothing that a step concerns is rewritten: sessions,
 * objects and points are stored as they were derived, and what is in force is applied where they are read.
 */
export class EditLog {
  readonly #store: TableStore<EditRow>;
  readonly #onChange: (environment: string) => void;

  constructor(database: Database, onChange: (environment: string) => void) {
    this.#store = new TableStore(database, editsTable);
    this.#onChange = onChange;
  }

  get stores(): readonly { compact(): Promise<void>; close(): Promise<void> }[] {
    return [this.#store];
  }

  /** Every step of an environment, oldest first. */
  async history(environment: string): Promise<Revision[]> {
    const rows = await this.#rows(environment);
    const state = fold(rows);
    return rows.flatMap((row) => toRevision(row, state) ?? []);
  }

  /** What is in force now, or was at a past time, in the order in which it was done. */
  async inForce(environment: string, asOfMillis?: number): Promise<Edit[]> {
    return toEdits(await this.#rows(environment, asOfMillis));
  }

  /** What is in force in each environment that was ever edited. */
  async inForceEverywhere(): Promise<Map<string, Edit[]>> {
    const rows = (await this.#store.select()).sort((a, b) => a.revision - b.revision);
    const groups = Map.groupBy(rows, ({ environment }) => environment);
    return new Map([...groups].map(([environment, ofEnvironment]) => [environment, toEdits(ofEnvironment)]));
  }

  /** The number of the newest entry, undoing and redoing included: another one whenever anything was edited; 0 before. */
  async latest(environment: string): Promise<number> {
    return (await this.#rows(environment)).at(-1)?.revision ?? 0;
  }

  /** Adds the step that is made for the next revision; what was undone before it can no longer be redone. */
  async add(environment: string, makeStep: (revision: number) => EditStep, summary: string): Promise<Revision> {
    const added = await this.#append(environment, (_state, revision) => ({ step: makeStep(revision), summary }));
    if (!added) {
      throw new Error('A step was chosen and then not added');
    }
    return added;
  }

  /** Takes back the last step that is in force; undefined when there is none. */
  undo(environment: string): Promise<Revision | undefined> {
    return this.#append(environment, ({ inForce }) => retraction('undo', inForce.at(-1)));
  }

  /** Does again what was undone last; undefined when nothing was since the last step. */
  redo(environment: string): Promise<Revision | undefined> {
    return this.#append(environment, ({ redoable }) => retraction('redo', redoable.at(-1)));
  }

  /** Adds what `choose` makes of the present state, as one commit, and answers the revision that it adds or concerns. */
  #append(
    environment: string,
    choose: (state: Folded, revision: number) => { readonly step: EditStep; readonly summary: string } | undefined,
  ): Promise<Revision | undefined> {
    return this.#store.write(async (writer) => {
      const rows = await this.#rows(environment);
      const last = rows.at(-1);
      const revision = (last?.revision ?? 0) + 1;
      const chosen = choose(fold(rows), revision);
      if (!chosen) {
        return undefined;
      }
      const row: EditRow = {
        environment,
        revision,
        // Clocks are set back; the log's order is not.
        atMillis: Math.max(Date.now(), last?.atMillis ?? 0),
        ...chosen,
      };
      await writer.append([row]);
      this.#onChange(environment);
      const { step } = row;
      const concerned = step.kind === 'undo' || step.kind === 'redo' ? step.revision : row.revision;
      const after = [...rows, row];
      const edit = after.find((other) => other.revision === concerned);
      return edit && toRevision(edit, fold(after));
    });
  }

  async #rows(environment: string, asOfMillis?: number): Promise<EditRow[]> {
    const ofEnvironment = equal('environment', environment);
    const where = asOfMillis === undefined ? ofEnvironment : allOf(ofEnvironment, atMost('atMillis', asOfMillis));
    return (await this.#store.select({ where })).sort((a, b) => a.revision - b.revision);
  }
}

/** Where a log has come to. */
interface Folded {
  readonly inForce: readonly EditRow[];
  /** Undone and waiting, the one undone last at the end. */
  readonly redoable: readonly EditRow[];
}

const fold = (rows: readonly EditRow[]): Folded => {
  const inForce: EditRow[] = [];
  let redoable: EditRow[] = [];
  for (const row of rows) {
    if (row.step.kind === 'undo') {
      redoable.push(...inForce.splice(-1));
    } else if (row.step.kind === 'redo') {
      inForce.push(...redoable.splice(-1));
    } else {
      inForce.push(row);
      redoable = [];
    }
  }
  return { inForce, redoable };
};

const toEdits = (rows: readonly EditRow[]): Edit[] =>
  fold(rows).inForce.map(({ revision, step }) => ({ revision, step }));

const retraction = (kind: 'undo' | 'redo', row: EditRow | undefined) =>
  row && { step: { kind, revision: row.revision }, summary: row.summary };

const toRevision = (row: EditRow, { inForce, redoable }: Folded): Revision | undefined => {
  const { environment, revision, step, summary, atMillis } = row;
  const { kind } = step;
  return kind === 'undo' || kind === 'redo'
    ? undefined
    : {
        ...{ environment, revision, kind, summary, atMillis },
        undone: !inForce.includes(row),
        redoable: redoable.includes(row),
      };
};
