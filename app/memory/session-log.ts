import type { FrameReference } from '../contract/session.ts';
import { allOf, equal, oneOf } from './store/predicate.ts';
import { keyColumn } from './store/table-definition.ts';
import type { TableStore } from './store/table-store.ts';
import { frameKey } from './tables.ts';

/**
 * Rows of sessions in order of time. What is newer than everything of its session is appended, at the same cost however
 * long the session is; what repeats or precedes a row is put in its place, so that writing anything twice is harmless.
 */
export class SessionLog<Row extends FrameReference> {
  readonly #store: TableStore<Row>;
  /** Last time stamp of each session that this process has written to. Only the one writer may rely on it. */
  readonly #lastPtsMicros = new Map<string, number>();

  constructor(store: TableStore<Row>) {
    this.#store = store;
  }

  /** Writes rows of one session; resolves when they are safe. One commit, and another for rows that are replaced. */
  save(sessionId: string, rows: readonly Row[]): Promise<void> {
    return this.#store.write(async (writer) => {
      const sorted = rows.toSorted((a, b) => a.ptsMicros - b.ptsMicros);
      const last = sorted.at(-1);
      if (!last) {
        return;
      }
      const known = this.#lastPtsMicros.get(sessionId) ?? (await this.#readLastPtsMicros(sessionId));
      // Should the write fail, what the table holds is read again rather than guessed.
      this.#lastPtsMicros.delete(sessionId);
      const repeats = (row: Row, i: number): boolean =>
        row.ptsMicros <= known || row.ptsMicros === sorted[i - 1]?.ptsMicros;
      const earlier = sorted.filter(repeats);
      const later = sorted.filter((row, i) => !repeats(row, i));
      if (later.length > 0) {
        await writer.append(later);
      }
      if (earlier.length > 0) {
        await writer.upsert(earlier);
      }
      this.#lastPtsMicros.set(sessionId, Math.max(known, last.ptsMicros));
    });
  }

  /** Every row of a session in order of time. */
  async all(sessionId: string): Promise<Row[]> {
    return inOrder(await this.#store.select({ where: equal('sessionId', sessionId) }));
  }

  /** Chosen properties of every row of a session, in order of time. */
  async parts<K extends keyof Row>(
    sessionId: string,
    columns: readonly (K | 'ptsMicros')[],
  ): Promise<Pick<Row, K | 'ptsMicros'>[]> {
    const rows = await this.#store.selectOnly(columns, { where: equal('sessionId', sessionId) });
    return rows.sort((a, b) => a.ptsMicros - b.ptsMicros);
  }

  /** The rows of these frames, in order of time. */
  async ofFrames(sessionId: string, ptsMicros: readonly number[]): Promise<Row[]> {
    const where = allOf(equal('sessionId', sessionId), oneOf('ptsMicros', ptsMicros));
    return inOrder(await this.#store.select({ where }));
  }

  /** The row of one frame. */
  async at(sessionId: string, ptsMicros: number): Promise<Row | undefined> {
    const where = equal(keyColumn, frameKey({ sessionId, ptsMicros }));
    return (await this.#store.select({ where, limit: 1 }))[0];
  }

  /** Chosen properties of the row of one frame. */
  async partAt<K extends keyof Row>(
    sessionId: string,
    ptsMicros: number,
    columns: readonly K[],
  ): Promise<Pick<Row, K> | undefined> {
    const where = equal(keyColumn, frameKey({ sessionId, ptsMicros }));
    return (await this.#store.selectOnly(columns, { where, limit: 1 }))[0];
  }

  async #readLastPtsMicros(sessionId: string): Promise<number> {
    const rows = await this.#store.selectOnly(['ptsMicros'], { where: equal('sessionId', sessionId) });
    return rows.reduce((last, row) => Math.max(last, row.ptsMicros), Number.NEGATIVE_INFINITY);
  }
}

/** Sorts rows by time, in place. */
const inOrder = <Row extends FrameReference>(rows: Row[]): Row[] => rows.sort((a, b) => a.ptsMicros - b.ptsMicros);
