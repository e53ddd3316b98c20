// Cyclic redundancy checks over bytes: CRC-32 for zip archives and checkpoints, CRC-32C for event files.
// They notice damage by accident; they do not notice malice (that is what hashes are for).

/** A reflected 32-bit CRC given by its polynomial, four bytes a step by four tables. */
function makeCrc(polynomial: number): (bytes: Uint8Array) => number {
  const tables = Array.from({ length: 4 }, () => new Int32Array(256));
  const [t0, t1, t2, t3] = tables as [Int32Array, Int32Array, Int32Array, Int32Array];
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    t0[byte] = value;
  }
  for (let byte = 0; byte < 256; byte++)
    for (let table = 1; table < 4; table++) {
      const before = tables[table - 1]![byte]!;
      tables[table]![byte] = (before >>> 8) ^ t0[before & 0xff]!;
    }
  return (bytes) => {
    let crc = -1;
    let at = 0;
    for (const end = bytes.length - 3; at < end; at += 4) {
      crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      crc = t3[crc & 0xff]! ^ t2[(crc >>> 8) & 0xff]! ^ t1[(crc >>> 16) & 0xff]! ^ t0[crc >>> 24]!;
    }
    for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 0xff]!;
    return ~crc >>> 0;
  };
}

/** CRC-32 (IEEE 802.3, as in zip and PNG) as an unsigned integer. */
export const crc32 = makeCrc(0xedb88320);

/** CRC-32C (Castagnoli, as in TensorBoard's records) as an unsigned integer. */
export const crc32c = makeCrc(0x82f63b78);
