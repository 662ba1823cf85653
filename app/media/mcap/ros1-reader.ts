import type { parse } from '@foxglove/rosmsg';

type MessageDefinition = ReturnType<typeof parse>[number];
type MessageDefinitionField = MessageDefinition['definitions'][number];

type Fields = Record<string, unknown>;

/** Reads the values of one message, from front to back. ROS 1 writes little-endian, without padding. */
class Cursor {
  readonly #view: DataView;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  /** The place of the next `length` bytes, which are then behind. */
  #take(length: number): number {
    const at = this.#at;
    this.#at += length;
    return at;
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    if (at + length > this.#view.byteLength) {
      throw new RangeError('The message ends before its fields do');
    }
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length);
  }

  readonly values: Readonly<Record<string, () => unknown>> = {
    bool: () => this.#view.getUint8(this.#take(1)) !== 0,
    int8: () => this.#view.getInt8(this.#take(1)),
    uint8: () => this.#view.getUint8(this.#take(1)),
    int16: () => this.#view.getInt16(this.#take(2), true),
    uint16: () => this.#view.getUint16(this.#take(2), true),
    int32: () => this.#view.getInt32(this.#take(4), true),
    uint32: () => this.uint32(),
    int64: () => Number(this.#view.getBigInt64(this.#take(8), true)),
    uint64: () => Number(this.#view.getBigUint64(this.#take(8), true)),
    float32: () => this.#view.getFloat32(this.#take(4), true),
    float64: () => this.#view.getFloat64(this.#take(8), true),
    string: () => new TextDecoder().decode(this.bytes(this.uint32())),
    time: () => ({ sec: this.uint32(), nsec: this.uint32() }),
    duration: () => ({ sec: this.#view.getInt32(this.#take(4), true), nsec: this.#view.getInt32(this.#take(4), true) }),
  };

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }
}

/** Reads ROS 1 messages of one type (wiki.ros.org/roscpp/Overview/MessagesSerializationAndAdaptingTypes). */
export class Ros1Reader {
  readonly #root: MessageDefinition;
  readonly #named: ReadonlyMap<string | undefined, MessageDefinition>;

  constructor(definitions: readonly MessageDefinition[]) {
    const root = definitions.find(({ name }) => name === undefined) ?? definitions[0];
    if (!root) {
      throw new Error('its schema is empty');
    }
    this.#root = root;
    this.#named = new Map(definitions.map((definition) => [definition.name, definition]));
  }

  read(data: Uint8Array): Fields {
    return this.#fields(this.#root, new Cursor(data));
  }

  #fields({ definitions }: MessageDefinition, cursor: Cursor): Fields {
    return Object.fromEntries(
      definitions
        .filter((field) => field.isConstant !== true)
        .map((field) => [field.name, this.#field(field, cursor)] as const),
    );
  }

  #field(field: MessageDefinitionField, cursor: Cursor): unknown {
    if (field.isArray !== true) {
      return this.#value(field, cursor);
    }
    const length = field.arrayLength ?? cursor.uint32();
    return field.type === 'uint8' ? cursor.bytes(length) : Array.from({ length }, () => this.#value(field, cursor));
  }

  #value({ type, isComplex }: MessageDefinitionField, cursor: Cursor): unknown {
    if (isComplex === true) {
      const definition = this.#named.get(type);
      if (!definition) {
        throw new Error(`its schema does not define ${type}`);
      }
      return this.#fields(definition, cursor);
    }
    const read = cursor.values[type];
    if (!read) {
      throw new Error(`its schema has a field of the unknown type ${type}`);
    }
    return read();
  }
}
