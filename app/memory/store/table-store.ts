import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import { Index } from '@lancedb/lancedb';
import type { Predicate } from './predicate.ts';
import { keyColumn } from './table-definition.ts';
import type { TableDefinition } from './table-definition.ts';
import { WriteQueue } from './write-queue.ts';

/** What a table store needs to know of its library: where the tables are and how failures are told. */
export interface Database {
  readonly connection: Connection;
  /** The folder that the connection keeps its tables in. */
  readonly folder: string;
  /** Turns what LanceDB threw into what a caller should see. */
  readonly explain: (action: 'read' | 'write', table: string, thrown: unknown) => Error;
  /** Throws when this library must not be written. */
  readonly assertWritable: () => void;
}

/** The writes of one task; each is one commit, seen entirely or not at all. */
export interface RowWriter<Row> {
  /** Adds rows whose keys the table does not hold yet. Costs the same however large the table is. */
  append(rows: readonly Row[]): Promise<void>;
  /** Adds rows or replaces those with the same keys; looks through the keys of the whole table. */
  upsert(rows: readonly Row[]): Promise<void>;
  /** Makes `rows` all that fits `where`. */
  replace(where: Predicate, rows: readonly Row[]): Promise<void>;
}

export interface Selection {
  readonly where?: Predicate;
  readonly limit?: number;
}

/** A row and its cosine similarity to what was searched for. */
export interface Neighbour<Row> {
  readonly row: Row;
  readonly similarity: number;
}

/** Versions younger than this stay, because another process may be reading them. */
const graceMillis = 2 * 60_000;

/** How a table is kept fast: `compact` rewrites small files into large ones; `index` only finds keys, for big rows. */
export type Upkeep = 'compact' | 'index';

/**
 * Every commit makes a file, and many files slow reading and replacing down: with 240 of them an upsert took 52 ms of
 * processor time, with few 20 ms. Compacting a table of a long session costs about 50 ms.
 */
const commitsBeforeUpkeep: Readonly<Record<Upkeep, number>> = { compact: 64, index: 256 };

/** Typed rows in one LanceDB table, created on first write, with one queue for its writes. */
export class TableStore<Row> {
  readonly #database: Database;
  readonly #definition: TableDefinition<Row>;
  readonly #upkeep: Upkeep;
  readonly #queue = new WriteQueue();
  #table: Promise<Table | undefined> | undefined;
  #commitsSinceUpkeep = 0;
  #commitsBeforeUpkeep: number;

  constructor(database: Database, definition: TableDefinition<Row>, upkeep: Upkeep = 'compact') {
    this.#database = database;
    this.#definition = definition;
    this.#upkeep = upkeep;
    this.#commitsBeforeUpkeep = commitsBeforeUpkeep[upkeep];
  }

  /** Rows that fit; in no particular order. */
  select(selection: Selection = {}): Promise<Row[]> {
    return this.selectOnly(this.#definition.columnNames as readonly (keyof Row)[], selection);
  }

  /** Chosen properties of the rows that fit. */
  selectOnly<K extends keyof Row>(columns: readonly K[], selection: Selection = {}): Promise<Pick<Row, K>[]> {
    return this.#read(async (table) => {
      const query = table.query().select(columns as readonly unknown[] as string[]);
      if (selection.where) {
        query.where(selection.where.sql);
      }
      if (selection.limit !== undefined) {
        query.limit(selection.limit);
      }
      return this.#definition.decode(await query.toArrow());
    }, []);
  }

  /** How many rows fit. */
  count(where: Predicate): Promise<number> {
    return this.#read((table) => table.countRows(where.sql), 0);
  }

  /** The rows whose `column` is most similar to `vector` by cosine, most similar first. */
  nearest(
    column: keyof Row & string,
    vector: Float32Array,
    limit: number,
    where?: Predicate,
  ): Promise<Neighbour<Row>[]> {
    return this.#read(async (table) => {
      const query = table.vectorSearch(vector).column(column).distanceType('cosine').limit(limit);
      query.select([...this.#definition.columnNames, '_distance']);
      if (where) {
        query.where(where.sql);
      }
      const found = await query.toArrow();
      const distances = found.getChild('_distance');
      return this.#definition
        .decode(found)
        .map((row, i) => ({ row, similarity: 1 - Number(distances?.get(i) ?? Number.NaN) }));
    }, []);
  }

  /** Runs `task` when all earlier writes are over; nothing else writes to the table meanwhile. */
  write<T>(task: (writer: RowWriter<Row>) => Promise<T>): Promise<T> {
    this.#database.assertWritable();
    return this.#queue.run(async () => {
      const value = await task(this.#writer).catch((thrown: unknown) => {
        throw this.#database.explain('write', this.#definition.name, thrown);
      });
      if (this.#commitsSinceUpkeep >= this.#commitsBeforeUpkeep) {
        // The rows are safe already: upkeep that fails, as on a full disk, must not look like a failed write.
        await this.#maintain().catch(() => undefined);
      }
      return value;
    });
  }

  append(rows: readonly Row[]): Promise<void> {
    return this.write((writer) => writer.append(rows));
  }

  upsert(rows: readonly Row[]): Promise<void> {
    return this.write((writer) => writer.upsert(rows));
  }

  replace(where: Predicate, rows: readonly Row[]): Promise<void> {
    return this.write((writer) => writer.replace(where, rows));
  }

  /** Does the table's upkeep now rather than when enough commits have gathered. */
  compact(): Promise<void> {
    return this.write(() => this.#maintain());
  }

  /** Waits for the writes that were asked for and lets go of the table. */
  async close(): Promise<void> {
    await this.#queue.idle();
    const table = await this.#table?.catch(() => undefined);
    this.#table = undefined;
    table?.close();
  }

  readonly #writer: RowWriter<Row> = {
    append: async (rows) => {
      if (rows.length > 0) {
        const table = await this.#openOrCreate();
        await table.add(this.#definition.encode(rows));
        this.#commitsSinceUpkeep += 1;
      }
    },
    upsert: async (rows) => {
      if (rows.length > 0) {
        await this.#merge(rows);
      }
    },
    replace: async (where, rows) => {
      if (rows.length > 0) {
        await this.#merge(rows, where);
      } else {
        await (await this.#open())?.delete(where.sql);
        this.#commitsSinceUpkeep += 1;
      }
    },
  };

  async #merge(rows: readonly Row[], replaced?: Predicate): Promise<void> {
    const table = await this.#openOrCreate();
    // A key that comes twice in one merge is refused as ambiguous; the later row is the one that was meant.
    const distinct = [...new Map(rows.map((row) => [this.#definition.key(row), row])).values()];
    // With an index on the key, LanceDB 0.39 lets concurrent upserts of one key insert it twice.
    const upsert = table.mergeInsert(keyColumn).whenMatchedUpdateAll().whenNotMatchedInsertAll().useIndex(false);
    const merge = replaced ? upsert.whenNotMatchedBySourceDelete({ where: replaced.sql }) : upsert;
    await merge.execute(this.#definition.encode(distinct));
    this.#commitsSinceUpkeep += 1;
  }

  async #read<T>(query: (table: Table) => Promise<T>, empty: T): Promise<T> {
    try {
      const table = await this.#open();
      return table ? await query(table) : empty;
    } catch (thrown) {
      throw this.#database.explain('read', this.#definition.name, thrown);
    }
  }

  /** The table, or undefined as long as nobody has written to it. */
  async #open(): Promise<Table | undefined> {
    this.#table ??= this.#openExisting();
    const opening = this.#table;
    const table = await opening.catch((thrown: unknown) => {
      this.#table = undefined;
      throw thrown;
    });
    if (!table && this.#table === opening) {
      this.#table = undefined;
    }
    return table;
  }

  async #openExisting(): Promise<Table | undefined> {
    const { tables } = await this.#database.connection.listTables({ limit: 1000 });
    if (!tables.includes(this.#definition.name)) {
      return undefined;
    }
    try {
      return await this.#database.connection.openTable(this.#definition.name);
    } catch (thrown) {
      // A process that is killed while it creates a table leaves one that is listed but cannot be opened.
      if (existsSync(join(this.#path, 'data'))) {
        throw thrown;
      }
      return undefined;
    }
  }

  get #path(): string {
    return join(this.#database.folder, `${this.#definition.name}.lance`);
  }

  async #openOrCreate(): Promise<Table> {
    const existing = await this.#open();
    if (existing) {
      return existing;
    }
    // What is there holds no rows: see `#openExisting`.
    await rm(this.#path, { recursive: true, force: true });
    const table = await this.#database.connection.createEmptyTable(this.#definition.name, this.#definition.schema, {
      storageOptions: { new_table_enable_stable_row_ids: 'true' },
    });
    this.#table = Promise.resolve(table);
    return table;
  }

  async #maintain(): Promise<void> {
    this.#commitsSinceUpkeep = 0;
    const table = await this.#open();
    if (!table) {
      return;
    }
    if (this.#upkeep === 'compact') {
      await table.optimize({ cleanupOlderThan: await this.#oldestVersionToKeep(table) });
    } else {
      await table.createIndex(keyColumn, { config: Index.btree(), replace: true });
      // An index costs time in proportion to the table, so it is made anew each time the table has grown by half.
      const fragments = (await table.stats()).fragmentStats.numFragments;
      this.#commitsBeforeUpkeep = Math.max(commitsBeforeUpkeep.index, fragments >> 1);
    }
  }

  /** LanceDB refuses to clean up when a tagged version is older than the cutoff, so the cutoff goes no further. */
  async #oldestVersionToKeep(table: Table): Promise<Date> {
    const cutoff = Date.now() - graceMillis;
    const tagged = new Set(Object.values(await (await table.tags()).list()).map((tag) => tag.version));
    if (tagged.size === 0) {
      return new Date(cutoff);
    }
    const times = (await table.listVersions())
      .filter((version) => tagged.has(version.version))
      .map((version) => version.timestamp.getTime());
    return new Date(Math.min(cutoff, ...times));
  }
}
