// The contract of every file system, as cases by name: each gets the file system and a folder of its own that is there. They
// run in Node and in a browser's page, and so assert with plain functions.
import { type Files, isHeld } from "../../src/platform/files/files.js";
import { joinPath } from "../../src/platform/paths.js";

type Case = (files: Files, folder: string) => Promise<void>;

const text = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? [...part] : part)) ?? "undefined";

function same(actual: unknown, expected: unknown, what = "value"): void {
  if (text(actual) !== text(expected)) throw new Error(`${what}: expected ${text(expected)}, received ${text(actual)}`);
}

async function refused(work: Promise<unknown>, pattern: RegExp): Promise<void> {
  const message = await work.then(
    () => undefined,
    (error: Error) => `${error.name}: ${error.message}`,
  );
  if (message === undefined || !/^FoveaError: [^\n]+$/.test(message) || !pattern.test(message))
    throw new Error(`expected a refusal like ${pattern}, received ${message ?? "none"}`);
}

const names = async (files: Files, folder: string): Promise<string[]> =>
  (await files.listDirectory(folder)).map(({ name, isDirectory }) => (isDirectory ? `${name}/` : name));

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

export const FILES_CASES: Readonly<Record<string, Case>> = {
  "what is written is read, as bytes and as text": async (files, folder) => {
    const path = joinPath(folder, "写 a.txt");
    await files.writeAtomic(path, "é山\n");
    same(await files.readText(path), "é山\n");
    await files.writeAtomic(path, bytes(1, 2, 3));
    same(await files.readBytes(path), bytes(1, 2, 3));
    await files.writeAtomic(path, [bytes(4), bytes(), bytes(5, 6)]);
    same(await files.readBytes(path), bytes(4, 5, 6));
    await files.writeAtomic(path, "");
    same(await files.readBytes(path), bytes());
    same(await names(files, folder), ["写 a.txt"]);
  },
  "bytes belong to their owners": async (files, folder) => {
    const path = joinPath(folder, "a");
    const written = bytes(1, 2, 3, 4).subarray(1, 3);
    await files.writeAtomic(path, written);
    written[0] = 9;
    const read = await files.readBytes(path);
    read[1] = 9;
    same(await files.readBytes(path), bytes(2, 3));
  },
  "a content that fails leaves the file as it was, and nothing beside it": async (files, folder) => {
    const path = joinPath(folder, "a");
    const failing = function* (): Generator<Uint8Array> {
      yield bytes(7);
      throw new Error("no more");
    };
    const failure = await files.writeAtomic(path, failing()).catch((error: Error) => error.message);
    same(failure, "no more");
    same(await names(files, folder), []);
    await files.writeAtomic(path, "old");
    await files.writeAtomic(path, failing()).catch(() => {});
    same(await files.readText(path), "old");
    same(await names(files, folder), ["a"]);
  },
  "a file is read at any place, and written piece by piece": async (files, folder) => {
    const path = joinPath(folder, "a");
    const pending = await files.beginFile(path);
    same(await files.exists(path), false);
    await pending.write(bytes(5, 6), 4);
    await pending.write(bytes(1, 2, 3, 4), 0);
    await pending.write(bytes(9), 1);
    await pending.commit();
    same(await names(files, folder), ["a"]);
    const file = await files.openFile(path);
    same(file.size, 6);
    same(await Promise.all([file.read(3, 3), file.read(0, 2)]), [bytes(4, 5, 6), bytes(1, 9)]);
    await refused(file.read(4, 3), /it ends before byte 7/);
    await file.close();
    const dropped = await files.beginFile(path);
    await dropped.write(bytes(0), 0);
    await dropped.discard();
    same((await files.readBytes(path)).length, 6);
    same(await names(files, folder), ["a"]);
  },
  "a file grows by what is appended": async (files, folder) => {
    const path = joinPath(folder, "log");
    for (const piece of ["a", bytes(98), "c"]) await files.appendToFile(path, piece);
    same(await files.readText(path), "abc");
  },
  "folders are listed in code-point order": async (files, folder) => {
    for (const name of ["b", "a", "\u{20000}", "\u{ff5e}", "B"]) await files.writeAtomic(joinPath(folder, name), "");
    await files.makeDirectory(joinPath(folder, "aa/deep"));
    same(await names(files, folder), ["B", "a", "aa/", "b", "\u{ff5e}", "\u{20000}"]);
  },
  "facts tell files from folders, and what is not there": async (files, folder) => {
    const path = joinPath(folder, "a");
    const before = Date.now();
    await files.writeAtomic(path, "abc");
    const facts = (await files.stat(path))!;
    same([facts.size, facts.isDirectory], [3, false]);
    same(Math.abs(facts.mtimeMs - before) < 60_000, true, "time of the last write");
    same((await files.stat(folder))?.isDirectory, true);
    for (const absent of [joinPath(folder, "b"), joinPath(folder, "a/b"), joinPath(folder, "b/c")]) {
      same(await files.stat(absent), undefined, absent);
      same(await files.exists(absent), false);
    }
    same(await files.realPath(`${folder}/./a`), await files.realPath(path));
    await refused(files.realPath(joinPath(folder, "b")), /cannot look at .*b: there is no such file or folder/);
    same((await files.stat(`${folder}/./a`))?.size, 3, "a path with dots");
  },
  "of several that claim a folder one gets it": async (files, folder) => {
    const path = joinPath(folder, "new/claimed");
    const claims = await Promise.all(Array.from({ length: 5 }, () => files.claimDirectory(path)));
    same(claims.filter(Boolean).length, 1);
    same(await files.claimDirectory(path), false);
    await files.makeDirectory(path);
    same(await names(files, joinPath(folder, "new")), ["claimed/"]);
  },
  "a file that moves takes the place of another": async (files, folder) => {
    const [a, b] = [joinPath(folder, "a"), joinPath(folder, "sub/b")];
    await files.makeDirectory(joinPath(folder, "sub"));
    await files.writeAtomic(a, "new");
    await files.writeAtomic(b, "old");
    await files.moveFile(a, b);
    same(await files.readText(b), "new");
    same(await names(files, folder), ["sub/"]);
  },
  "a folder moves with all that is in it, over nothing": async (files, folder) => {
    await files.makeDirectory(joinPath(folder, "a/deep"));
    await files.writeAtomic(joinPath(folder, "a/deep/x"), "x");
    await files.writeAtomic(joinPath(folder, "a/y"), "y");
    await files.moveDirectory(joinPath(folder, "a"), joinPath(folder, "b"));
    same(await names(files, folder), ["b/"]);
    same(await names(files, joinPath(folder, "b")), ["deep/", "y"]);
    same(await files.readText(joinPath(folder, "b/deep/x")), "x");
    await files.makeDirectory(joinPath(folder, "c"));
    await refused(files.moveDirectory(joinPath(folder, "c"), joinPath(folder, "b")), /cannot rename .*in the way/);
  },
  "what is removed is gone, and what is not there is no error": async (files, folder) => {
    await files.makeDirectory(joinPath(folder, "a/deep"));
    await files.writeAtomic(joinPath(folder, "a/x"), "x");
    await files.removeEmptyDirectory(joinPath(folder, "a"));
    same(await files.exists(joinPath(folder, "a/x")), true);
    await files.removeFile(joinPath(folder, "a/x"));
    await files.removeEmptyDirectory(joinPath(folder, "a/deep"));
    same(await names(files, joinPath(folder, "a")), []);
    await files.removeDirectory(joinPath(folder, "a"));
    for (const remove of [files.removeFile, files.removeDirectory, files.removeEmptyDirectory])
      await remove(joinPath(folder, "a"));
    same(await names(files, folder), []);
  },
  "what cannot be done is a sentence": async (files, folder) => {
    const file = joinPath(folder, "file");
    await files.writeAtomic(file, "x");
    await refused(files.readBytes(joinPath(folder, "no")), /cannot read .*no: there is no such file or folder/);
    await refused(files.readBytes(folder), /cannot read .*: it is a folder, a file was expected/);
    await refused(files.openFile(joinPath(folder, "no")), /cannot read .*no: there is no such file/);
    await refused(files.writeAtomic(joinPath(folder, "no/a"), "x"), /cannot write .*: there is no such file or folder/);
    await refused(files.writeAtomic(joinPath(file, "a"), "x"), /cannot write .*: a part of the path is a file/);
    await refused(files.writeAtomic(folder, "x"), /cannot write .*folder/);
    await refused(files.listDirectory(joinPath(folder, "no")), /cannot list .*: there is no such file or folder/);
    await refused(files.listDirectory(file), /cannot list .*: a part of the path is a file/);
    await refused(files.makeDirectory(file), /cannot make the folder .*: a file of that name is in the way/);
    await refused(files.makeDirectory(joinPath(file, "a")), /cannot make the folder .*: a part of the path is a file/);
    await refused(files.moveFile(joinPath(folder, "no"), file), /cannot rename .*: there is no such file/);
    await refused(files.readBytes(`${folder}/a\0b`), /no file can have a name with a NUL/);
  },
  "a set of files takes the place of an older one, or changes nothing": async (files, folder) => {
    const target = joinPath(folder, "set");
    const older = async (): Promise<string[]> => ["a", "b"];
    await files.replaceFiles(target, { files: new Map([["a", "1"], ["b", "1"]]), older }); // biome-ignore format: pairs
    await files.writeAtomic(joinPath(target, "mine"), "x");
    const next = new Map([["b", "2"], ["c", "2"]]); // biome-ignore format: pairs
    let written = 0;
    const failing = async (path: string, content: Uint8Array | string): Promise<void> => {
      if (++written === 2) throw new Error("full");
      await files.writeAtomic(path, content);
    };
    same(
      await files.replaceFiles(target, { files: next, older, write: failing }).catch((e: Error) => e.message),
      "full",
    );
    same(await names(files, target), ["a", "b", "mine"]);
    same(await files.readText(joinPath(target, "b")), "1");
    await files.replaceFiles(target, { files: next, older, main: "b" });
    same(await names(files, target), ["b", "c", "mine"]);
    same(await files.readText(joinPath(target, "b")), "2");
    same(await names(files, folder), ["set/"]);
  },
  "a lock has one holder": async (files, folder) => {
    const path = joinPath(folder, ".lock");
    const lock = await files.tryLock(path);
    if (isHeld(lock)) throw new Error("a new lock is held");
    const second = await files.tryLock(path);
    same(isHeld(second) && second.heldBy.length > 0, true, "the second is told who holds it");
    await lock.release();
    const third = await files.tryLock(path);
    if (isHeld(third)) throw new Error("a lock that was given back is held");
    await third.release();
    same(await names(files, folder), []);
  },
  "a log grows by whole lines, under its lock": async (files, folder) => {
    const path = joinPath(folder, "log");
    const [first, second] = [await files.openLog(path), await files.openLog(path)];
    same(await first.head(4), bytes());
    const add = (log: typeof first, line: string): Promise<void> =>
      log.exclusively(async () => {
        const there = await log.readLines(0);
        await log.append(new TextEncoder().encode(`${line} after ${there.length}\n`), there.length);
      });
    await Promise.all([add(first, "a"), add(second, "b"), add(first, "c")]);
    const lines = new TextDecoder()
      .decode(await second.readLines(0))
      .trimEnd()
      .split("\n");
    same(lines.map((line) => line.slice(1)), [" after 0", " after 10", " after 21"]); // biome-ignore format: three
    same(await first.head(1), new TextEncoder().encode(lines[0]![0]));
    await files.appendToFile(path, "torn");
    same((await second.readLines(10)).length, 22, "the torn line is not there yet");
    await second.append(new TextEncoder().encode("d\n"), 32);
    same((await files.readText(path)).slice(32), "d\n");
    same(await names(files, folder), ["log"]);
    await files.writeAtomic(path, "");
    await refused(first.readLines(32), /became shorter while it was in use/);
    await refused(files.openLog(joinPath(folder, "no"), { readOnly: true }), /cannot open .*: there is no such file/);
  },
  "the cache's folder is there": async (files) => {
    same((await files.stat(await files.cacheDirectory()))?.isDirectory, true);
  },
};
