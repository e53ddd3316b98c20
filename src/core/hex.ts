// Bytes as hexadecimal text, two lower-case digits a byte, and back.

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** @example toHex(Uint8Array.of(0, 255)) // "00ff" */
export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += DIGITS[byte]!;
  return hex;
}

/**
 * The bytes of hexadecimal text.
 * @param hex an even number of digits
 * @example fromHex("00ff") // [0, 255]
 */
export const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
