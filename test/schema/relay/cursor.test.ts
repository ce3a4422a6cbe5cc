import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { HubError } from '../../../schema/errors.ts';
import { decodeCursor, encodeCursor } from '../../../schema/relay/cursor.ts';

const Position = z.tuple([z.string(), z.array(z.string())]);

describe('a cursor', () => {
  it('gives back the position that was packed, whatever characters it holds', () => {
    fc.assert(
      fc.property(fc.tuple(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'grapheme' }))), (position) => {
        expect(decodeCursor(encodeCursor(position), Position)).toEqual(position);
      }),
    );
  });

  it('travels in an address without escaping', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(encodeCursor([text])).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('is INPUT_INVALID when it is not one of this list, and its content is not repeated', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 9 }), (text) => {
        const attempt = () => decodeCursor(text, Position);
        expect(attempt).toThrow(HubError);
        expect(attempt).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
        expect(attempt).not.toThrow(text);
      }),
    );
  });
});
