// `fovea forensics`: JSON in the form of the contract, the page, files that cannot be examined beside those that can.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ascii, exifSegment, jpegWith, pngText, pngWith, tiff } from "../forensics/made-files.js";
import { fovea, workplace } from "./fovea.js";

const PHOTO = jpegWith(
  exifSegment(tiff([ascii(0x132, "2024:05:01 09:10:00")], [ascii(0x9003, "2024:05:31 12:30:00")])),
);

test("files are examined one by one, and one that cannot be hides no other", async (t) => {
  const folder = workplace(t);
  writeFileSync(join(folder, "photo.jpg"), PHOTO);
  writeFileSync(join(folder, "made.png"), pngWith(pngText("parameters", "a cat\nSteps: 20, Sampler: Euler a")));
  writeFileSync(join(folder, "odd one.jpg"), "no image");
  const { code, stdout, stderr } = await fovea(
    folder,
    ...["forensics", "photo.jpg", "odd one.jpg", "made.png", "--out", "dossier.html", "--json"],
  );
  assert.equal(code, 1);
  assert.match(stderr, /cannot decode odd one\.jpg/);
  const answer = JSON.parse(stdout) as { image: string; conclusion?: string; error?: string; evidence?: object[] }[];
  assert.deepEqual(
    answer.map(({ image, conclusion, error }) => [image, conclusion ?? error?.slice(0, 25)]),
    [
      ["photo.jpg", "contradiction found"],
      ["made.png", "contradiction found"],
      ["odd one.jpg", "cannot decode odd one.jpg"],
    ],
  );
  const page = readFileSync(join(folder, "dossier.html"), "utf8");
  assert.match(page, /fovea forensics photo\.jpg &quot;odd one\.jpg&quot; made\.png --out dossier\.html/);
  assert.deepEqual(readFileSync(join(folder, "photo.jpg")), Buffer.from(PHOTO), "the original is left as it is");
});

test("people read conclusion, meaning and what was found", async (t) => {
  const folder = workplace(t);
  writeFileSync(join(folder, "photo.jpg"), PHOTO);
  const { code, stdout } = await fovea(folder, "forensics", "photo.jpg");
  assert.equal(code, 0);
  assert.match(stdout, /^photo\.jpg: contradiction found\n {2}At least two facts of this file do not fit together\./);
  assert.match(stdout, /Times \(contradicts\): The photograph was taken at/);
  const [, unexamined = ""] = stdout.split("Not examined, which speaks neither for the file nor against it:\n");
  assert.match(
    unexamined,
    /^ {4}Content credentials: The file has no content credentials, as hardly any photograph has/,
  );
  writeFileSync(join(folder, "drawn.png"), pngWith());
  const drawn = (await fovea(folder, "forensics", "drawn.png")).stdout;
  assert.match(
    drawn,
    /^ {4}Compression tables, Two .*JPEG ghosts: This method examines JPEG files; this is a PNG file\.$/m,
  );
});

test("wrong usage is told before anything is examined", async (t) => {
  const folder = workplace(t);
  writeFileSync(join(folder, "photo.jpg"), PHOTO);
  writeFileSync(join(folder, "odd.pem"), "no certificate");
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await fovea(folder, "forensics", ...args);
    assert.equal(code, 2, stderr);
    return stderr;
  };
  assert.match(await refused("photo.jpg", "--out", "none/dossier.html"), /there is no folder none for the page/);
  assert.match(
    await refused("photo.jpg", "--trust", "odd.pem"),
    /expected certificates in PEM format, odd\.pem holds none/,
  );
  assert.match((await fovea(folder, "forensics", "--help")).stdout, /evidence, never a\s+verdict/);
});
