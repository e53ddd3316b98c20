// Text of bytes that are UTF-8, and of those that are not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { textOfBytes } from "../../src/core/text-bytes.js";
import { parseJson } from "../../src/formats/json.js";

test("bytes of UTF-8 are text without its mark; others are refused, since their letters could become the same", () => {
  assert.equal(textOfBytes("a.txt", new TextEncoder().encode("\ufeff凹痕")), "凹痕");
  // GBK for the same two characters.
  const gbk = Uint8Array.of(0x22, 0xb0, 0xbc, 0xba, 0xdb, 0x22);
  assert.throws(
    () => textOfBytes("a.txt", gbk),
    /a\.txt: expected text in UTF-8, found other bytes; save it as UTF-8, or get it again if it is damaged/,
  );
  assert.equal(textOfBytes("a.txt", gbk, { encoding: "gbk" }), '"凹痕"');
  assert.throws(
    () => textOfBytes("a.txt", gbk, { encoding: "no-such" }),
    /expected text in NO-SUCH, found an unknown encoding/,
  );
  assert.throws(() => parseJson("a.json", gbk), /a\.json: expected JSON in UTF-8, found other bytes/);
  assert.throws(
    () => parseJson("a.json", "[1, -Infinity]"),
    /expected JSON, found -Infinity in line 1, which JSON does not have/,
  );
  assert.throws(() => parseJson("a.json", "NaNa"), /expected JSON, found other text; the file may be damaged/);
});
