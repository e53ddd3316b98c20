// Sixty names that a user's files may hold and a program may stumble over, and the check that nothing of what is printed
// can command a terminal.
import assert from "node:assert/strict";

const LONG = "n".repeat(100_000);

/** Members of every object in JavaScript, markup, code, controls, directions of writing, lookalikes, lengths. */
export const NAMES: readonly string[] = [
  ...["constructor", "toString", "valueOf", "hasOwnProperty", "__proto__", "prototype", "isPrototypeOf", "length"],
  ...["__defineGetter__", "__lookupSetter__", "propertyIsEnumerable", "toLocaleString", "name", "then", "toJSON"],
  ...[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    '"onload="x',
    "'; DROP TABLE trials; --",
  ],
  ...["$" + "{process.exit(3)}", "`id`", "$(id)", "{{7*7}}", "%s%n%d", "$parameter", "$$", "a$&b", "\\u0041", "\\"],
  ...[
    "\u001b[31mred\u001b[0m",
    "\u001b]0;title\u0007",
    "\u001b[2J",
    "\u009b31m",
    "a\rb",
    "a\tb",
    "a\nTest Accuracy: 9.9999",
    "\u0000",
    "\u007f",
  ],
  ...["\u202egnp.exe", "\u2066isolate\u2069", "مرحبا", "שלום", "\u2028line", "\u200b", "\ufeffmark", "\ud800"],
  ...["e\u0301", "\u00e9", "东", "人口", "👩‍👩‍👧", "İstanbul", "ﬁ", "CON", "NUL.txt", "-rf", "--help", "="],
  ...[
    " ",
    "  leading",
    "trailing ",
    "a,b",
    'a"b',
    "a;b",
    "#",
    "null",
    "undefined",
    "NaN",
    "true",
    "0",
    "-1",
    "1e999",
    LONG,
  ],
];

/** Tells whether a name has no half of a character. */
export const isWellFormed = (name: string): boolean => !/\p{Cs}/u.test(name);

/** Names that a file or folder on this disk can have, and that are not hidden. */
export const FILE_NAMES: readonly string[] = NAMES.filter(
  (name) => !/[/\0]/.test(name) && !name.startsWith(".") && Buffer.byteLength(name) <= 200 && isWellFormed(name),
);

/** Characters that a terminal obeys, or that show text in another order; colours of our own and line breaks and tabs excepted. */
const OBEYED = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Checks that printed text commands no terminal, and is no stack trace and no fault of Fovea's. */
export function harmless(what: string, { stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
  for (const text of [stdout, stderr]) {
    const match = OBEYED.exec(text);
    assert.equal(match && JSON.stringify(text.slice(Math.max(0, match.index - 40), match.index + 10)), null, what);
    assert.doesNotMatch(text, /^\W*Test Accuracy: 9\.9999/m, `${what}: a name begins a line of its own`);
    assert.doesNotMatch(text, /unexpected error|\[object Object\]|^\s+at /m, what);
  }
}
