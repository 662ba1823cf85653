import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeLzfse } from './lzfse.ts';

// What the reference implementation's compressor made of data that the tests can make as well.
const compressedText =
  'YnZ4MsgSAABEAmAPAGkBAHt9L5T/VAIwngAAAD8I8ABPQPwCIgAAIAgI3p0F6fUCtgAAXIAC8Acc8CH8CrBOLgDgNQAAAAAAAIAB' +
  'AMCLBAAAAADADQAAAPA0fCmfwWfwG/wGn8Fn8Bl8BgEAAAAAAAAAAIAxyIIENgEgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
  'AAAAAAAAAAAAAAAAKHMXXdffyTVs6d8om0tO0GcIeWuVmqduLjlBnyHsHLb0b5TNJSfoM4S8tUrNUzeXnKDPEHYOW/o3yuaSE/QZ' +
  'ws5hS/9G2Vxygj4jsapTuAW7QBOAQi8ghdtUOuXFY4P9PHUA00h8jJyixJCXSdXtp3mrFOh3SbnHNvQV0p7bxasbXjceZeLqQBRM' +
  'mV0UpqTXHOqL0NbiSvu8dENK+vjsjgGGKAQwIbLU7rCHVaxljSfXBGKERSL3ovhPOBnO5QJ5EM6HpXPJEQwzGvADVlGjeFi9jS02' +
  'oce8Lw4N6KVctyD19fLh+wtN35c/+1y4J3RuPwAAAAAAAAAAAAAAgAbsNCtluKbveZkoAo4J/bSX1DNfIg9sSZ7bUojiSvLclMIU' +
  'T5LonhQqIzyk7+d9xJ7AN+KezIjaBsRYxH5aReqZFJEHTiTPnShEMSKJbkShMsIb+p5fiErgg9BPK0g9gwfEPfkPdcD9oJ+2j3rm' +
  'PuSB+Uh09wmVEX7P93w9VITzqOfjibYSMeywn7aOegY3h3uyHOqAx0FHLRwVzXFIJYR/8z3/DfVgN+r5baIos1HPXxMt8TTop0Wj' +
  'nsGb4aJchjrgZdCRCnEM+OQxVYPFqOeLiZ4cRj0fTDTlL+r5XqIlzgUdtVtUNHgt3B7ExPIV8yvopbWikrmCOnQaqzolBqqMwxBS' +
  'BkhIM1AQhfEVSEcI8NRk8VQmCEafnkiEhiYWVQOr6NotSNuFDJvBWjKmYWqUG2XmiEwIS9hl718TVMsl5VkSVNNF1cAquvYL1nYh' +
  'w2bwlox5mBoljKEvr8CM1pIxe94A1XJJe5YE1XRRNbCKrv2Ct13IsBkMS4DL65sZpUaZKSITas1oHzcgtV7SniVBNV3UDayib79g' +
  '2ABUWIAZrSVjGqZGqVFmjsiEWjPaxw1IrZe0Z0nQTRcVhrIJrvGCNVxKsBmsJWMapkapUWaOyIRaM9rHDMitlxSWsBHetV9SDayi' +
  'a79gbRcybAZryZgiM1hLxhyZwVsyZmthKLj2C+ZjASLzRcXAKvr1C7ZWIcNWMJWJKTKCpzzMBkmBTTCKihcOXBRQqM4OdY4vZgnk' +
  'CtDKg8BADgIDOQgsyE+gQfYnPJCDwIJ0B2J2eCQ=';
const compressedShortText =
  'YnZ4bpABAACjAAAA4AowOiB3YWxsIDAgYmVoaW5kIHRhYmxlIDAKMSAZbjf2zjUKMvNuMfbkMTAKMyAabjj2yBk0CjTzbjL2zjkK' +
  'NfNuOfbOMwo2824z9s44CjfzaLEx984yCjjzbjT2zjcKOfQ4svaY/gox8m419sj/Ngox9Gi0MfcBGSkBbjb2zjUKMfQ4nPUBG2kD' +
  'MTlP9ckENAox9OYxIGJlaGkGAAAAAAAAAGJ2eCQ=';
const compressedRamp =
  'YnZ4MgAbAACIAeALACQAcOecAzSaNQAglAAAAD48kA8AHL8EAAAACQAAAABvAq/NBgAAAAA2AAAAAAAAAAAAADxdbdu2bdu2bdu2' +
  'bdu2bdu2bdu2bVsAAB6PbwMAAAAAAAAAAAAAAAAAAAAopZRSSimllFJKKaWUUkoppZRSSimllFJKKaWUUkoppZRSSimllFJKAQCA' +
  'U7iiI5b7DpHKhcr0EdRnMrheaeB3JYDTlfqPK+n/VrqfrUR/Wil+s5L7Y6X1wUrod5XK1yqJf1X6nqrEfVQpe6eS9Uul6ZFK0BeV' +
  'mhcqKf9TutH8S1T5H0n5djL7QMB8IAQ+0NQeWFMHHJxb5fQ4IB6CD99iN8Adag/Z4/VgPVIP02P0AD06D83j8qA8Ig/HY/FAPAoP' +
  'wePv4DvyDrtj7oA72g614+wgO8IOr2PrwDqqDqnj6WA6kg6jY+gAAAAAAAAAAAAcdNBgQcGCBAkWJFiQIEGCBAkiqCBBggQJEiRI' +
  'kKBBBg8adNAggw7i4eAgA2J2eCQ=';
const compressedRuns =
  'YnZ4MsDUAQAIABAAADUAcAABCCCAVABAggAAAD2k4A9fQhAAAABAAAAAAPgTfpwFAAAAAAAAAAAAAAAAAAAAjx6PHgAAAAAAAAAA' +
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABQrP//////////' +
  '///////////////////////////////////PkPX////////v///////////////////////////7///9///n/wxidngk';
const compressedNoise = 'YnZ4LSgAAADGfoFrS/vi+1T2vd98HOGHAb8x3lZyD0dnZodZqog8WepWE3vShaHYYnZ4JA==';
/** The block of `compressedRamp` with its tables written out, which the compressor never does; deflated, for brevity. */
const rampWithPlainTables =
  'SyqrMGSQZmD4zMDA0MHIwKACpPcBsSkDBDwHQgfmDKbf////t2PgZ/jJgAAiDFoMuAATEBIGdkD8iYGdgThArDrSQA8jMwO9ICaY' +
  'wNDKMLCAeYRjIGgI3rFIedpvvomnWk99EbySbrQjLvNBuWrD5am/+rVf/g/bNX+tS32UZt3mSb+Tl3496PWifOqp61qd9aG/5q06' +
  'UhuiWb180lfvpS8nel0QnzpLXEvzf/Cui3+8Q37Ke/4sM/rtcKBGgcXuwhW5iGB2mTnRT79YKMg18d9PMj8gm8V/8/HXBNsg/svJ' +
  'XxhsrfjPPv60wEaJ/3jyRwcbLv6Dj98/sP7Etzv5XYP1Lb6tj98oWB/iW5/8+oDVKr6Vj18mWE3iW5z8Ah6RMiUXEhwPNrFwiqlE' +
  'TFBwBDKUVoApIRWPCQsc2filSi4oNPM9evhAgTmprEIFAA==';

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

const text = new TextEncoder().encode(
  Array.from({ length: 180 }, (_, i) => `${i}: wall ${(i * 7) % 13} behind table ${(i * 5) % 11}\n`).join(''),
);

/** Depth of a slanted wall, 48×36 pixels, as 32-bit numbers. */
const ramp = new Uint8Array(
  Float32Array.from({ length: 48 * 36 }, (_, i) => 1 + (i % 48) / 64 + Math.floor(i / 48) / 32).buffer,
);

const runs = new Uint8Array(120_000).fill(2, 60_000);

const noise = (): Uint8Array => {
  let state = 1;
  return Uint8Array.from({ length: 40 }, () => {
    // Multiplied exactly: the product exceeds what a number holds.
    state = Number((BigInt(state) * 1_103_515_245n + 12_345n) & 0x7fffffffn);
    return (state >> 16) & 255;
  });
};

describe('LZFSE gives back what the reference compressor was given', () => {
  test.each([
    { what: 'text, entropy-coded', kind: 'bvx2', compressed: bytesOf(compressedText), expected: text },
    {
      what: 'a short text, as LZVN',
      kind: 'bvxn',
      compressed: bytesOf(compressedShortText),
      expected: text.slice(0, 400),
    },
    { what: 'depth, entropy-coded', kind: 'bvx2', compressed: bytesOf(compressedRamp), expected: ramp },
    {
      what: 'depth with plain tables',
      kind: 'bvx1',
      compressed: new Uint8Array(inflateRawSync(bytesOf(rampWithPlainTables))),
      expected: ramp,
    },
    { what: 'long runs', kind: 'bvx2', compressed: bytesOf(compressedRuns), expected: runs },
    { what: 'noise, stored as it is', kind: 'bvx-', compressed: bytesOf(compressedNoise), expected: noise() },
  ])('$what', ({ kind, compressed, expected }) => {
    expect(String.fromCharCode(...compressed.subarray(0, 4))).toBe(kind);
    expect(decodeLzfse(compressed, expected.length)).toEqual(expected);
  });

  test('blocks of different kinds, one after the other', () => {
    const withoutEnd = bytesOf(compressedNoise).subarray(0, -4);
    const both = Buffer.concat([withoutEnd, bytesOf(compressedText)]);
    expect(decodeLzfse(both, 40 + text.length)).toEqual(new Uint8Array(Buffer.concat([noise(), text])));
  });

  test('nothing', () => {
    expect(decodeLzfse(new TextEncoder().encode('bvx$'), 0)).toEqual(new Uint8Array());
  });
});

describe('LZVN does what each instruction says', () => {
  const lzvn = (size: number, ...code: number[]): Uint8Array => {
    const payload = [...code, 6, 0, 0, 0, 0, 0, 0, 0];
    const header = new Uint8Array(12);
    header.set(Buffer.from('bvxn'));
    new DataView(header.buffer).setUint32(4, size, true);
    new DataView(header.buffer).setUint32(8, payload.length, true);
    return Buffer.concat([header, Uint8Array.from(payload), Buffer.from('bvx$')]);
  };
  const letters = [...Buffer.from('abc')];

  test.each([
    { what: 'literals alone', code: [0xe3, ...letters], expected: 'abc' },
    { what: 'many literals', code: [0xe0, 1, ...Buffer.from('abcdefghijklmnopq')], expected: 'abcdefghijklmnopq' },
    { what: 'a near repetition', code: [0xc0, 3, ...letters], expected: 'abcabc' },
    { what: 'a middle repetition', code: [0xb8, 3 << 2, 0, ...letters], expected: 'abcabc' },
    { what: 'a far repetition', code: [0xc7, 2, 0, ...letters], expected: 'abcbcb' },
    { what: 'the distance before', code: [0xc0, 3, ...letters, 0x46, ...Buffer.from('x')], expected: 'abcabcxbcx' },
    { what: 'repetitions alone', code: [0xc0, 3, ...letters, 0xf2], expected: 'abcabcab' },
    { what: 'many of them', code: [0xc0, 1, ...letters, 0xf0, 2], expected: `abc${'c'.repeat(3 + 18)}` },
    { what: 'codes that mean nothing', code: [0x0e, 0xe3, ...letters, 0x16], expected: 'abc' },
  ])('$what', ({ code, expected }) => {
    expect(decodeLzfse(lzvn(expected.length, ...code), expected.length)).toEqual(new TextEncoder().encode(expected));
  });

  test.each([
    { what: 'an instruction that does not exist', code: [0xe3, ...letters, 0x70] },
    { what: 'a repetition of nothing', code: [0x00, 1] },
    { what: 'a repetition from before the beginning', code: [0xc0, 4, ...letters] },
  ])('and refuses $what', ({ code }) => {
    expect(decodeLzfse(lzvn(6, ...code), 6)).toBeTypeOf('string');
  });
});

describe('damaged LZFSE is told, whatever is wrong with it', () => {
  const whole = [
    { bytes: bytesOf(compressedText), size: text.length },
    { bytes: bytesOf(compressedShortText), size: 400 },
    { bytes: bytesOf(compressedRamp), size: ramp.length },
    { bytes: bytesOf(compressedNoise), size: 40 },
  ];

  test('cut short anywhere', () => {
    for (const { bytes, size } of whole) {
      for (let length = 0; length < bytes.length; length += 1) {
        expect(decodeLzfse(bytes.subarray(0, length), size)).toBeTypeOf('string');
      }
    }
  });

  test('of another size than expected', () => {
    for (const { bytes, size } of whole) {
      expect(decodeLzfse(bytes, size - 1)).toContain('more than');
      expect(decodeLzfse(bytes, size + 1)).toContain(`to ${size} bytes instead of ${size + 1}`);
    }
  });

  test('with any byte changed it ends, with an error or with as many bytes', () => {
    for (const { bytes, size } of whole) {
      for (let i = 0; i < bytes.length; i += 1) {
        const changed = bytes.slice();
        changed[i] = (changed[i] ?? 0) ^ 0xff;
        const decoded = decodeLzfse(changed, size);
        expect(typeof decoded === 'string' || decoded.length === size).toBe(true);
      }
    }
  });

  test('that is something else', () => {
    expect(decodeLzfse(new TextEncoder().encode('PNG, perhaps'), 4)).toContain('no known kind');
  });
});
