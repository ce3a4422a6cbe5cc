import { createHash } from 'node:crypto';

/** SM3 (GB/T 32905) of bytes or text, 64 lower-case hex characters. */
export function sm3Hex(data: string | Uint8Array): string {
  return createHash('sm3').update(data).digest('hex');
}
