// A byte in the three ways that people write it.
export const NUMBER_BASES = ["decimal", "hexadecimal", "binary"] as const;
export type NumberBase = (typeof NUMBER_BASES)[number];

export const hex = (byte: number): string => `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
export const bits = (byte: number): string => byte.toString(2).padStart(8, "0");

const IN_BASE: Readonly<Record<NumberBase, (byte: number) => string>> = {
  decimal: String,
  hexadecimal: (byte) => hex(byte).slice(2),
  binary: bits,
};

/** A byte as it stands in a cell. */
export const byteText = (byte: number, base: NumberBase): string => IN_BASE[base](byte);
