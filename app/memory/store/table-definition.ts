import { Field, Schema, Table as ArrowTable, Utf8, vectorFromArray } from 'apache-arrow';
import type { Vector } from 'apache-arrow';
import type { Column } from './column.ts';

export type Columns = Readonly<Record<string, Column<unknown>>>;

type OptionalNames<C extends Columns> = { [K in keyof C]: true extends C[K]['optional'] ? K : never }[keyof C];

type ValueOf<C> = C extends Column<infer T> ? T : never;

/** The rows that a table with these columns holds. */
export type RowOf<C extends Columns> = { readonly [K in Exclude<keyof C, OptionalNames<C>>]: ValueOf<C[K]> } & {
  readonly [K in OptionalNames<C>]?: ValueOf<C[K]> | undefined;
};

/** Name of the column that holds a row's identity as one text: LanceDB's primary keys are single columns. */
export const keyColumn = 'key';

// What `setUnenforcedPrimaryKey` would record, but as part of creating the table, so that no crash can come between.
const primaryKey = new Map([['lance-schema:unenforced-primary-key', 'true']]);

/** One table: its columns, what identifies a row, and how rows become Arrow and come back. */
export interface TableDefinition<Row> {
  readonly name: string;
  readonly schema: Schema;
  readonly columnNames: readonly string[];
  readonly key: (row: Row) => string;
  readonly encode: (rows: readonly Row[]) => ArrowTable;
  readonly decode: (table: ArrowTable) => Row[];
}

/** Several values as one key; injective, so that no two different lists collide. */
export const joinKey = (...parts: readonly (string | number)[]): string => JSON.stringify(parts);

/** Defines a table once: schema, row type and conversions all follow from `columns`. */
export const defineTable = <const C extends Columns>(
  name: string,
  columns: C,
  key: (row: RowOf<C>) => string,
): TableDefinition<RowOf<C>> => {
  type Row = RowOf<C>;
  const entries = Object.entries(columns);
  const schema = new Schema([
    new Field(keyColumn, new Utf8(), false, primaryKey),
    ...entries.map(([columnName, column]) => new Field(columnName, column.type, column.optional)),
  ]);

  const encode = (rows: readonly Row[]): ArrowTable => {
    const vectors = entries.map(([columnName, column]): [string, Vector] => [
      columnName,
      column.encode(rows.map((row) => (row as Readonly<Record<string, unknown>>)[columnName])),
    ]);
    const keys = vectorFromArray(rows.map(key), new Utf8());
    return new ArrowTable(schema, { [keyColumn]: keys, ...Object.fromEntries(vectors) });
  };

  const decode = (table: ArrowTable): Row[] => {
    const rows = Array.from({ length: table.numRows }, (): Record<string, unknown> => ({}));
    for (const [columnName, column] of entries) {
      const vector = table.getChild(columnName);
      if (!vector) {
        continue;
      }
      rows.forEach((row, i) => {
        const stored: unknown = vector.get(i);
        if (stored !== null) {
          row[columnName] = column.decode(stored);
        }
      });
    }
    return rows as Row[];
  };

  return { name, schema, columnNames: entries.map(([columnName]) => columnName), key, encode, decode };
};
