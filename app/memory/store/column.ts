import {
  Bool,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int64,
  Binary,
  makeData,
  makeVector,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { DataType, Vector } from 'apache-arrow';

/**
 * How one property of a row is kept in Arrow. Methods rather than function properties, so that a list of columns of
 * different types is still a list of columns.
 */
export interface Column<T, Optional extends boolean = boolean> {
  readonly type: DataType;
  readonly optional: Optional;
  /** One Arrow vector for the property over all rows; throws a RangeError for a value of the wrong shape. */
  encode(values: readonly (T | undefined)[]): Vector;
  /** The property from what Arrow yields for one row; never called for an absent one. */
  decode(stored: unknown): T;
}

type Kind<T> = Column<T, false>;

/** The same kind of column, where a row may lack the property. */
export const optional = <T>(column: Kind<T>): Column<T, true> => ({ ...column, optional: true });

const simple = <T, Stored>(type: DataType, store: (value: T) => Stored, decode: (stored: Stored) => T): Kind<T> => ({
  type,
  optional: false,
  encode: (values) =>
    vectorFromArray(
      values.map((value) => (value === undefined ? null : store(value))),
      type,
    ),
  decode: (stored) => decode(stored as Stored),
});

const same = <T>(value: T): T => value;

/** UTF-8 text; `T` narrows it to the words of an enumeration that we alone write. */
export const text = <T extends string = string>(): Kind<T> => simple<T, T>(new Utf8(), same, same);

export const flag = (): Kind<boolean> => simple<boolean, boolean>(new Bool(), same, same);

/** A 64-bit float. */
export const real = (): Kind<number> => simple<number, number>(new Float64(), same, same);

/** A whole number up to 2⁵³, kept as a 64-bit integer. */
export const integer = (): Kind<number> =>
  simple<number, bigint>(
    new Int64(),
    (value) => {
      if (!Number.isSafeInteger(value)) {
        throw new RangeError(`Not a whole number: ${value}`);
      }
      return BigInt(value);
    },
    Number,
  );

/** Bytes, such as an encoded picture; at most 2 GB in one write. LanceDB 0.39 does not know the larger type in a schema. */
export const bytes = (): Kind<Uint8Array> => simple<Uint8Array, Uint8Array>(new Binary(), same, same);

/** Anything that JSON can say, for small nested values that no query looks into. */
export const json = <T>(): Kind<T> =>
  simple<T, string>(
    new Utf8(),
    (value) => JSON.stringify(value),
    (stored) => JSON.parse(stored) as T,
  );

interface FloatArray {
  readonly length: number;
  set(values: ArrayLike<number>, offset: number): void;
}

/**
 * Exactly `length` floats a row. Built from one flat array, because Arrow's own builder writes too few values after a
 * missing row and does not notice a row of another length.
 */
const floats = <T extends ArrayLike<number>>(
  item: Float32 | Float64,
  length: number,
  allocate: (count: number) => FloatArray,
  decode: (stored: Vector) => T,
): Kind<T> => {
  const type = new FixedSizeList(length, new Field('item', item, true));
  return {
    type,
    optional: false,
    encode: (values) => {
      const flat = allocate(values.length * length);
      const present = new Uint8Array(Math.ceil(values.length / 8));
      let absentRows = 0;
      values.forEach((value, row) => {
        if (value === undefined) {
          absentRows += 1;
          return;
        }
        if (value.length !== length) {
          throw new RangeError(`Expected ${length} numbers, got ${value.length}`);
        }
        flat.set(value, row * length);
        present[row >> 3] = (present[row >> 3] ?? 0) | (1 << (row & 7));
      });
      const child = makeData({ type: item, data: flat as never });
      const rows = { type, length: values.length, nullCount: absentRows, nullBitmap: present, child };
      return makeVector(makeData(rows));
    },
    decode: (stored) => decode(stored as Vector),
  };
};

/** A pose, a point or another short list of 64-bit floats. */
export const float64List = <T extends readonly number[]>(length: number): Kind<T> =>
  floats<T>(
    new Float64(),
    length,
    (count) => new Float64Array(count),
    (stored) => Array.from(stored.toArray() as Float64Array) as readonly number[] as T,
  );

/** An embedding, searchable by similarity. */
export const embedding = (length: number): Kind<Float32Array> =>
  floats<Float32Array>(
    new Float32(),
    length,
    (count) => new Float32Array(count),
    (stored) => Float32Array.from(stored.toArray() as Float32Array),
  );
