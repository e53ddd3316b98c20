// Numbers of bytes as people write and read them. A KB has 1024 bytes.
import { FoveaError, shown } from "./errors.js";

const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/**
 * The bytes that a text means.
 * @param what names the setting in the message
 * @param text a number with its unit, such as `64MB` or `1.5 gb`; only 0 needs none
 * @throws FoveaError for a text that is no size
 * @example parseByteSize("memory", "64MB") // 67108864
 */
export function parseByteSize(what: string, text: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,15})?)\s*([KMGT]?B)?$/i.exec(typeof text === "string" ? text.trim() : "");
  const [, amount, unit] = match ?? [];
  if (amount === undefined || (unit === undefined && Number(amount) !== 0))
    throw new FoveaError(
      "malformed-text",
      `${what}: expected a size with its unit, such as 64MB or 2GB, received ${shown(text)}`,
    );
  const power = UNITS.findIndex((name) => name === (unit ?? "B").toUpperCase());
  return Math.round(Number(amount) * 1024 ** power);
}

/** Bytes in the largest unit of which there is at least one, rounded up to a tenth: `600 KB`, `1.5 GB`. */
export function showByteSize(bytes: number): string {
  const power = Math.max(
    0,
    UNITS.findLastIndex((_, index) => bytes >= 1024 ** index),
  );
  return `${Math.ceil((bytes / 1024 ** power) * 10 - 1e-9) / 10} ${UNITS[power]}`;
}
