import { expect, test } from 'vitest';
import { absent, allOf, anyOf, atMost, equal, greater, oneOf } from './predicate.ts';

test('conditions become SQL with every value quoted', () => {
  const condition = allOf(
    equal('name', "it's"),
    anyOf(absent('validTo'), greater('validTo', 5)),
    atMost('from', 7),
    oneOf('id', ['a', "b'); --"]),
  );

  expect(condition.sql).toBe(
    "(`name` = 'it''s' AND (`validTo` IS NULL OR `validTo` > 5) AND `from` <= 7 AND `id` IN ('a', 'b''); --'))",
  );
  expect(oneOf('id', []).sql).toBe('false');
});

test('what is no column or no number is refused', () => {
  expect(() => equal('a` OR `b', 1)).toThrow(RangeError);
  expect(() => equal('a', Number.NaN)).toThrow(RangeError);
});
