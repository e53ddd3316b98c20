// Manifests with mistakes: each is one sentence with the rule, the lines (ten at most) and the fix.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  checkTargetsForSplit,
  openPageFiles,
  openSource,
  splitIntoParts,
  type TargetsOptions,
  targetsOf,
} from "../../src/data/index.js";
import { photo, write } from "../cases/class-folders.js";
import { temporaryFolder } from "./folder-fixture.js";

const folder = write(
  temporaryFolder(),
  Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.png`, photo(i)])),
);

/** Opens a manifest with this text. */
const opened = async (text: string) => {
  write(folder, { "manifest.csv": text });
  return (await openSource(folder)).listing;
};
const rejects = async (text: string, message: RegExp): Promise<void> => {
  await assert.rejects(opened(text), { name: "FoveaError", message });
};
const targets = async (text: string, options: TargetsOptions = {}) => targetsOf(await opened(text), options);

test("a manifest without a column of paths, rows or a head", async () => {
  await rejects(
    "photo,price\n0.png,1\n",
    /manifest\.csv: expected a column path \(or file, filename, image\) with the path of each image, found the columns photo, price; add it, or name it/,
  );
  await rejects("path,price\n", /expected a row for each image, found none; add them/);
  await rejects("", /found no columns; add it/);
  await rejects("path,a,a\n0.png,1,2\n", /different name for every column, found two called a; rename it/);
  await assert.rejects(
    openSource(join(folder, "manifest.csv"), { path: "photo" }),
    /expected a column photo with the path/,
  );
  await opened("path,price\n0.png,1\n1.png,2\n");
  await assert.rejects(
    openSource(folder, { group: "claim" }),
    /there is no column claim for the group; the columns are path, price/,
  );
});

test("paths that lead nowhere are listed, ten at most", async () => {
  const rows = Array.from({ length: 13 }, (_, i) => `no/${i}.png,1`);
  await rejects(
    `path,price\n0.png,1\n${rows.join("\n")}\n`,
    /13 paths of 14 lead to no file: "no\/0\.png" in line 3, .*"no\/9\.png" in line 12 and 3 more; paths are relative to the manifest's folder/,
  );
  await rejects("path\n0.png\nx.png\n", /1 path of 2 leads to no file: "x\.png" in line 3; paths are/);
});

test("paths that are empty, leave the folder, stand twice or are addresses", async () => {
  await rejects("path,a\n0.png,1\n,2\n", /expected a path in every row, found none in line 3; fill it in/);
  await rejects(
    "path\n../secret.png\n",
    /below the manifest's folder, found 1 path that leads out of it: "\.\.\/secret\.png" in line 2/,
  );
  await rejects("path\na/../../x.png\n", /found 1 path that leads out of it/);
  await rejects("path\n0.png\n./0.png\n", /\.\/0\.png occurs in lines 2 and 3; expected one row for each image/);
  await rejects(
    "path\nhttps://example.com/0.png\n",
    /found addresses, which are never fetched: "https:.* in line 2; download the files first/,
  );
  const bytes = new TextEncoder().encode(`path\n${folder}/0.png\n`);
  const page = {
    name: "manifest.csv",
    size: bytes.length,
    slice: (a: number, b: number) => new Blob([bytes.slice(a, b)]),
  };
  await assert.rejects(
    openPageFiles([page]),
    /found 1 path that leads out of it/,
    "a page's manifest names no file of the disk",
  );
});

test("cells of split, group, weight, exposure and date that mean nothing", async () => {
  const rows = (name: string, ...cells: string[]): string =>
    `path,y,${name}\n${cells.map((cell, i) => `${i}.png,${i},${cell}`).join("\n")}\n`;
  await rejects(
    rows("split", "train", "dev"),
    /column split: expected train, validation or test, found "dev" in line 3; write one/,
  );
  await rejects(
    rows("group", "a", ""),
    /column group: expected the group of every image, found nothing in line 3; fill it in/,
  );
  await rejects(rows("weight", "1", "-1"), /column weight: expected a weight of at least 0, found "-1" in line 3/);
  await rejects(rows("weight", "0", "0"), /every weight is 0, so no image would count/);
  await rejects(
    rows("exposure", "1", "0", "x"),
    /column exposure: expected an exposure above 0, found "0" in line 3, "x" in line 4; correct/,
  );
  await rejects(rows("exposure", "1", "1e-60"), /expected an exposure above 0, found "1e-60" in line 3/);
  await rejects(
    rows("date", "2024-02-29", "31.05.2024", "2023-02-29"),
    /a date such as 2024-05-31, found "31\.05\.2024" in line 3, "2023-02-29" in line 4/,
  );
});

test("targets that are no number, NaN or empty", async () => {
  await assert.rejects(
    targets("path,price\n0.png,1.5\n1.png,abc\n2.png,NaN\n3.png,\n4.png,2.5\n5.png,3\n"),
    /expected a number in every row of column price, found "abc" in line 3, "NaN" in line 4, nothing in line 5; correct the cells, or remove the rows/,
  );
  await assert.rejects(
    targets('path,price\n0.png,1.5\n1.png,"1,234"\n'),
    /found "1,234" in line 3; write decimals with a point and nothing between thousands/,
  );
  await assert.rejects(targets("path,price\n0.png,1.5\n1.png,1e60\n"), /found "1e60" in line 3/);
  await assert.rejects(
    targets("path,kind\n0.png,cat\n1.png,\n"),
    /expected a class in every row of column kind, found nothing in line 3/,
  );
  await assert.rejects(
    targets("path,a,b\n0.png,1,0\n1.png,,1\n"),
    /expected 0 or 1 in every row of column a, found nothing in line 3/,
  );
});

test("a task that does not suit the data", async () => {
  const price = "path,price\n0.png,1.5\n1.png,2\n";
  const kinds = "path,kind\n0.png,cat\n1.png,dog\n";
  const mixed = "path,kind,price\n0.png,cat,1.5\n1.png,dog,2\n";
  const unsuited = async (text: string, options: TargetsOptions, message: RegExp): Promise<void> => {
    await assert.rejects(targets(text, options), { name: "FoveaError", message });
  };
  await unsuited(
    kinds,
    { kind: "numbers" },
    /regression does not suit the data: the column kind has text and no numbers; name a column of numbers with --target/,
  );
  await unsuited(
    price,
    { kind: "classes" },
    /classification does not suit the data: the column price has numbers with decimals and no classes; say --task regression/,
  );
  await unsuited(price, { kind: "labels" }, /multiLabel does not suit the data: .* no labels; say --task regression/);
  await unsuited(
    mixed,
    { kind: "classes", columns: ["kind", "price"] },
    /takes one column of classes, received kind, price/,
  );
  await unsuited(
    mixed,
    {},
    /expected one column as the target, found kind, price; say which it is, as in --target price/,
  );
  await unsuited(mixed, { columns: ["cost"] }, /there is no column "cost" for the target; the columns are kind, price/);
  await unsuited(mixed, { columns: ["kind", "price"] }, /several target columns must be all numbers, or all 0 and 1/);
  await unsuited("path\n0.png\n1.png\n", {}, /has images without labels, and nothing to learn from; sort them/);
  await unsuited(
    "path,kind\n0.png,cat\n1.png,cat\n",
    {},
    /expected at least two classes in column kind, found cat only/,
  );
  await unsuited(
    kinds,
    { names: ["cat", "bird"] },
    /has 1 class that is not among the 2 expected: dog; remove their rows/,
  );
});

test("a label that occurs once, a group in two parts, a manifest of one row", async () => {
  const once = await targets("path,labels\n0.png,dent;glass\n1.png,dent\n2.png,\n");
  assert.throws(
    () => checkTargetsForSplit("m.csv", once.targets),
    /m\.csv: the label glass occurs once only; a split into training and validation needs at least two images of each/,
  );
  const single = await targets("path,kind\n0.png,cat\n1.png,cat\n2.png,dog\n");
  assert.throws(() => checkTargetsForSplit("m.csv", single.targets), /class dog has a single image; a split into/);
  const torn = await opened("path,y,split,group\n0.png,1,train,a\n1.png,2,test,a\n2.png,3,train,b\n");
  const facts = { ...torn, count: torn.images.length };
  assert.throws(
    () => splitIntoParts(pick(facts)),
    /expected each group in one part, found a group in several: a \(train and test\); put all images of a group into one part/,
  );
  const row = await opened("path,y\n0.png,1.5\n");
  assert.throws(
    () => splitIntoParts({ where: row.where, count: 1 }),
    /manifest\.csv: 1 image cannot be split; expected at least two/,
  );
});

const pick = ({ where, count, split, group }: Awaited<ReturnType<typeof opened>> & { count: number }) => ({
  ...{ where, count },
  ...(split && { split }),
  ...(group && { group }),
});
