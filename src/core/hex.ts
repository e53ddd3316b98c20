// Bytes as hexadecimal text, two lower-case digits a byte, and back.

/** The codes of the 16 digits. */
const DIGITS = new TextEncoder().encode("0123456789abcdef");

/**
 * Hexadecimal text of bytes. It is decoded in one piece: V8 keeps text that is joined from digits as a chain of them, which
 * takes ten times as much memory.
 * @example toHex(Uint8Array.of(0, 255)) // "00ff"
 */
export function toHex(bytes: Uint8Array): string {
  const codes = new Uint8Array(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    codes[2 * i] = DIGITS[bytes[i]! >> 4]!;
    codes[2 * i + 1] = DIGITS[bytes[i]! & 15]!;
  }
  return new TextDecoder().decode(codes);
}

/**
 * The bytes of hexadecimal text.
 * @param hex an even number of digits
 * @example fromHex("00ff") // [0, 255]
 */
export const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
