import { expect, it } from 'vitest';
import { parseIntrinsics } from './intrinsics.ts';

it('reads four numbers however they are separated', () => {
  const expected = { fx: 525, fy: 526, cx: 319.5, cy: 239.5 };
  expect(parseIntrinsics('525,526,319.5,239.5')).toEqual(expected);
  expect(parseIntrinsics(' 525  526 319.5; 239.5 ')).toEqual(expected);
});

it.each(['', '525,525,320', '525,525,320,x', '0,525,320,240', '1,2,3,4,5'])('refuses "%s"', (text) => {
  expect(parseIntrinsics(text)).toBeUndefined();
});
