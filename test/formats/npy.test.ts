// NumPy's .npy files: round trips, the bytes of the real NumPy, damage.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { readNpy, writeNpy } from "../../src/formats/containers/npy.js";

test("what we write, we read", () => {
  const arrays: Tensor[] = [
    tensor([[1, 2.5, -3]]),
    tensor(7),
    tensor(Uint8Array.of(1, 255), [2], "uint8"),
    tensor(new Int32Array(6), [1, 2, 3], "int32"),
    tensor(new Float32Array(0), [0, 3], "float32"),
  ];
  for (const array of arrays) assert.deepEqual(readNpy(writeNpy(array)), array);
  for (const array of arrays) assert.deepEqual(readNpy(Buffer.from(writeNpy(array))), array);
});

test("NumPy's own bytes", () => {
  // np.save(f, np.array([[1, 2], [3, 4]], "int32")) of NumPy 2.4
  const header = "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117);
  const bytes = Buffer.concat([
    Buffer.from("934e554d505901007600", "hex"),
    Buffer.from(`${header}\n`),
    Buffer.from(Int32Array.of(1, 2, 3, 4).buffer),
  ]);
  assert.deepEqual(writeNpy(tensor(Int32Array.of(1, 2, 3, 4), [2, 2], "int32")), new Uint8Array(bytes));
});

test("damage and unsupported arrays are told in one sentence", () => {
  const good = writeNpy(tensor([1, 2, 3]));
  const changed = (from: string, to: string): Uint8Array =>
    new Uint8Array(Buffer.from(Buffer.from(good).toString("latin1").replace(from, to), "latin1"));
  const refuses = (bytes: Uint8Array, message: RegExp): void =>
    assert.throws(
      () => readNpy(bytes),
      (error) => error instanceof FoveaError && message.test(error.message),
    );
  refuses(new Uint8Array(3), /found other bytes/);
  refuses(good.subarray(0, 30), /damaged/);
  refuses(good.subarray(0, good.length - 1), /needs 12 bytes of data, found 11/);
  refuses(changed("<f4", "<f8"), /needs 24 bytes of data, found 12/);
  refuses(changed("<f4", "<c8"), /expected an array of real numbers, received <c8/);
  refuses(changed("<f4", "|S4"), /expected an array of real numbers, received \|S4/);
  refuses(changed("False", "True "), /damaged|Fortran/);
  refuses(changed("(3,)", "(9,)"), /needs 36 bytes/);
});

test("every real type, byte order and order of axes that NumPy writes", () => {
  const url = new URL("../../../test/formats/fixtures/npy.json", import.meta.url);
  const { files } = JSON.parse(readFileSync(url, "utf8")) as {
    files: { type: string; shape: number[]; file: string; numbers: number[] }[];
  };
  for (const { type, shape, file, numbers } of files) {
    const array = readNpy(new Uint8Array(Buffer.from(file, "base64")), type);
    assert.deepEqual(array.shape, shape, type);
    assert.deepEqual(Array.from(array.data), numbers.map(Math.fround), type);
  }
});
