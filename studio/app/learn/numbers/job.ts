// The engine's job for the page of numbers: stores whole numbers in one byte, as tensors do.
import { tensor } from "fovea";

export type ByteType = "uint8" | "int8";

export interface BytesWish {
  readonly numbers: readonly number[];
  readonly type: ByteType;
}

/** The numbers as one byte each keeps them. */
export const storedBytes = async ({ numbers, type }: BytesWish): Promise<readonly number[]> => [
  ...tensor([...numbers], [numbers.length], type).data,
];
