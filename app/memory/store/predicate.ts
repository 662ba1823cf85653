/** An SQL condition in which every value is already quoted. Made by the functions of this file only. */
export type Predicate = { readonly sql: string };

export type PredicateValue = string | number | boolean;

/** A standard SQL literal. Inside quotes only the quote itself is special, and is doubled. */
const literal = (value: PredicateValue): string => {
  if (typeof value === 'string') {
    return `'${value.replaceAll("'", "''")}'`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError(`A condition needs a finite number, not ${value}`);
  }
  return String(value);
};

/** Column names are ours, but mixed case needs quotes, or SQL would read them in lower case. */
const identifier = (column: string): string => {
  if (!/^\w+$/.test(column)) {
    throw new RangeError(`Not the name of a column: ${column}`);
  }
  return `\`${column}\``;
};

const comparison =
  (operator: string) =>
  (column: string, value: PredicateValue): Predicate => ({
    sql: `${identifier(column)} ${operator} ${literal(value)}`,
  });

export const equal = comparison('=');
export const atMost = comparison('<=');
export const greater = comparison('>');

/** The column holds no value. */
export const absent = (column: string): Predicate => ({ sql: `${identifier(column)} IS NULL` });

/** The column holds one of the values; never true for an empty list. */
export const oneOf = (column: string, values: readonly PredicateValue[]): Predicate => ({
  sql: values.length === 0 ? 'false' : `${identifier(column)} IN (${values.map(literal).join(', ')})`,
});

const joined =
  (operator: string) =>
  (...parts: readonly Predicate[]): Predicate => ({ sql: `(${parts.map((part) => part.sql).join(` ${operator} `)})` });

export const allOf = joined('AND');
export const anyOf = joined('OR');
