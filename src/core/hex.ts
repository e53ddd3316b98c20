// Bytes as hexadecimal text, two lower-case digits a byte, and back.

/** @example toHex(Uint8Array.of(0, 255)) // "00ff" */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
