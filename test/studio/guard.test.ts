// The guard of the Studio: requests that it refuses, paths that may be opened, names that mean harm shown as text.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { basename, join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { zipSync } from "fflate";
import { startStudio } from "../../studio/server/start.js";
import { closeBrowser, emptyFolder, localStudio, noBrowser, plainServer } from "./page.js";
import { patientPage } from "./patient.js";
import { classFolders, tinyPng, writeFiles } from "./small-data.js";

after(closeBrowser);

const TOKEN = "a-word-of-a-test";

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** Asks as no browser would: any path and any header goes as it is. */
function ask(origin: string, path: string, headers: Record<string, string> = {}, body?: Uint8Array | string) {
  const { port } = new URL(origin);
  return new Promise<Answer>((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const asked = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
        // The stream of news has no end.
        if (path === "/api/news") response.destroy();
      });
      response.on("close", () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** A Studio, and the headers of a page that it has let in. */
async function studioFor(t: TestContext, uploadLimit?: number) {
  const home = join(emptyFolder(t), "home");
  mkdirSync(home);
  const server = await startStudio({ home, token: TOKEN, uploadLimit });
  t.after(() => server.close());
  const { origin } = new URL(server.address);
  const { headers } = await ask(origin, `/?token=${TOKEN}`);
  const cookie = headers["set-cookie"]![0]!.split(";")[0]!;
  const call = async (name: string, input: unknown) => {
    const { status, text } = await ask(
      origin,
      `/api/${name}`,
      { cookie, origin, "content-type": "application/json" },
      JSON.stringify(input),
    );
    return { status, ...(JSON.parse(text) as { value?: { id: string; path: string }; error?: string }) };
  };
  return { home, origin, cookie, call };
}

test("only the page of this address, with its token, is answered", async (t) => {
  const { origin, cookie } = await studioFor(t);
  const name = cookie.split("=")[0]!;
  const { host } = new URL(origin);
  assert.equal((await ask(origin, "/", { cookie })).status, 200);
  const doors = [
    ["/", undefined],
    ["/api/hello", "{}"],
    ["/api/news", undefined],
    ["/picture/p/0", undefined],
    ["/file/report/p/r", undefined],
    ["/upload?name=x", "PK"],
  ] as const;
  for (const [path, body] of doors) {
    const status = async (headers: Record<string, string>) => (await ask(origin, path, headers, body)).status;
    assert.equal(await status({}), 403, `${path} without a token`);
    assert.equal(await status({ cookie: `${name}=another-word-than-it` }), 403, `${path} with a wrong token`);
    assert.equal(await status({ cookie, host: "evil.example" }), 403, `${path} for another host`);
    assert.equal(
      await status({ cookie, host: host.replace(":", ".evil.example:") }),
      403,
      `${path} for a host that begins alike`,
    );
    assert.equal(await status({ cookie, origin: "http://evil.example" }), 403, `${path} from another origin`);
    assert.equal(await status({ cookie, origin: "null" }), 403, `${path} from a page without an origin`);
    assert.equal(await status({ cookie, "sec-fetch-site": "cross-site" }), 403, `${path} from another site`);
    assert.notEqual(await status({ cookie, origin }), 403, `${path} from the page`);
  }
  assert.equal((await ask(origin, "/?token=another-word-than-it")).status, 403);
  const { headers } = await ask(origin, "/", { cookie });
  assert.match(String(headers["content-security-policy"]), /connect-src 'self'/);
  assert.equal(headers["cross-origin-embedder-policy"], "require-corp");
});

test("the manual is served beside the page, and nothing around it", async (t) => {
  const { origin, cookie } = await studioFor(t);
  const get = (path: string): Promise<Answer> => ask(origin, `/manual/${path}`, { cookie });
  const first = await get("index.html");
  assert.deepEqual([first.status, first.headers["content-type"]], [200, "text/html; charset=utf-8"]);
  assert.match(first.text, /<script src="site\.js" defer>/);
  assert.equal((await get("site.js")).headers["content-type"], "text/javascript");
  for (const path of ["absent.html", "../package.json", "%2e%2e/studio/server/server.js", "..%2f..%2fpackage.json"])
    assert.equal((await get(path)).status, 404, path);
  assert.equal((await ask(origin, "/manual/index.html")).status, 403, "without a token");
});

test("nothing outside of the folder is opened, listed or sent", async (t) => {
  const { home, origin, cookie, call } = await studioFor(t);
  classFolders(join(home, "pets"), ["cat", "dog"]);
  const outside = classFolders(join(home, "../outside"), ["cat", "dog"]);
  symlinkSync(outside, join(home, "link"), "junction");
  for (const path of ["..", "../outside", "pets/../../outside", outside, "/", "/etc/passwd", "link", "link/cat"]) {
    assert.equal((await call("open", { path })).status, 403, `open ${path}`);
    assert.equal((await call("browse", { path })).status, 403, `browse ${path}`);
  }
  assert.equal((await call("open", { path: join(home, "pets") })).status, 200);
  assert.equal((await call("open", { path: "absent" })).status, 400);
  const { value } = (await call("browse", { path: home })) as unknown as { value: { name: string }[] };
  assert.deepEqual(
    value.map(({ name }) => name),
    ["pets"],
    "a link that leads out is not listed",
  );
  for (const path of [
    "/../server/start.js",
    "/..%2fserver%2fstart.js",
    "/%2e%2e/server/start.js",
    "/assets/..%5c..%5cx",
  ])
    assert.equal((await ask(origin, path, { cookie })).status, 404, path);
  const { id } = (await call("open", { path: "pets" })).value!;
  for (const image of ["8", "-1", "1.5", "..%2f..%2fx", "NaN"])
    assert.equal((await ask(origin, `/picture/${id}/${image}`, { cookie })).status, 404, image);
  assert.equal((await ask(origin, `/picture/${id}/7`, { cookie })).status, 200);
  for (const path of ["/%E0%A4%A", "/file/report/%E0%A4%A/r", "/file/report/p"])
    assert.equal((await ask(origin, path, { cookie })).status, 404, path);
  const { status, text } = await ask(origin, `/file/report/${id}/a%2Fb%25`, { cookie });
  assert.deepEqual([status, text], [400, "there is no run a/b%"], "each part of an address is decoded once");
});

test("an archive that is brought stays in its folder, within its limit, whole or not at all", async (t) => {
  const { home, origin, cookie, call } = await studioFor(t, 2000);
  const images = { "cat/1.png": tinyPng(1), "cat/2.png": tinyPng(2), "dog/1.png": tinyPng(3), "dog/2.png": tinyPng(4) };
  const archive = zipSync(images, { level: 0 });
  const send = async (name: string, bytes: Uint8Array, headers = {}) => {
    const { status, text } = await ask(
      origin,
      `/upload?name=${encodeURIComponent(name)}`,
      { cookie, origin, ...headers },
      bytes,
    );
    return { status, ...(JSON.parse(text) as { value?: string; error?: string }) };
  };
  const uploads = join(home, "uploads");
  for (const [name, kept] of [
    ["photos", "photos.zip"],
    ["photos.zip", "photos-2.zip"],
    ["../../evil", "evil.zip"],
    ["/etc/passwd", "etc-passwd.zip"],
    ["C:\\x\u0000y", "C-x-y.zip"],
    ["...", "images.zip"],
    ["", "images-2.zip"],
  ] as const) {
    const { status, value } = await send(name, archive);
    assert.deepEqual([status, value], [200, `${home}/uploads/${kept}`], name);
  }
  assert.deepEqual(new Uint8Array(readFileSync(join(uploads, "photos.zip"))), archive);
  // Two pages send at the same time: neither takes the other's place.
  const both = await Promise.all([send("twice", archive), send("twice", archive.subarray(0, 100))]);
  assert.deepEqual(both.map(({ value }) => value).sort(), [`${uploads}/twice-2.zip`, `${uploads}/twice.zip`]);
  const sizes = both.map(({ value }) => readFileSync(value!).length);
  assert.deepEqual(sizes, [archive.length, 100]);
  assert.equal((await call("open", { path: "uploads/photos.zip" })).status, 200);
  const before = readdirSync(uploads);
  const large = new Uint8Array(2001);
  assert.equal((await send("large", large)).status, 413);
  assert.equal((await send("large", large, { "transfer-encoding": "chunked" })).status, 413, "without a length");
  assert.deepEqual(readdirSync(uploads), before, "nothing is left of what was refused");
  assert.ok(!existsSync(join(home, "../evil.zip")));
  const climbing = zipSync({ ...images, "../../out.png": tinyPng(5) }, { level: 0 });
  const { value } = await send("climbing", climbing);
  const { status, error } = await call("open", { path: value });
  assert.deepEqual([status, /climbs out of the archive/.test(error ?? "")], [400, true]);
  // An upload that cannot be opened is deleted; nothing else goes.
  writeFiles(home, { "kept.txt": "no image", "uploads/in/kept.txt": "no image" });
  for (const path of [value!, `${home}/kept.txt`, `${uploads}/in/kept.txt`, `${uploads}/../kept.txt`])
    assert.equal((await call("open", { path, isBrought: true })).status, 400, path);
  const left = [value!, `${home}/kept.txt`, `${uploads}/in/kept.txt`].map((path) => existsSync(path));
  assert.deepEqual(left, [false, true, true]);
});

const EVIL = '<img src=x onerror="window.harmed=1">';

/** Traces of names with markup that a page took for more than text. */
const harmOf = `[window.harmed ?? 0, document.querySelectorAll("img[src=x]").length, document.querySelectorAll("b.evil").length]`;

test("names with markup are shown as text, and no other origin is asked", {
  skip: noBrowser || (process.platform === "win32" && "Windows has no such names"),
}, async (t) => {
  const studio = await localStudio(t);
  const folder = join(studio.home, "<b class=evil>pets");
  classFolders(folder, [EVIL.replace("/", ""), "dog"]);
  writeFiles(folder, { "dog/<b class=evil>.png": tinyPng(90), "dog/both.png": tinyPng(0) });
  const { page, elsewhere, errors } = await patientPage(t, studio.address);
  await page.getByLabel("Path of a folder").fill(folder);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  const classButton = page.getByRole("region", { name: "Classes" }).getByRole("button", { name: /onerror/ });
  await classButton.waitFor();
  await page.locator(".cell img").first().waitFor();
  await page.locator(".cell").last().click();
  await page.getByRole("heading", { name: "dog/" }).waitFor();
  await classButton.click();
  await page.getByRole("button", { name: /label: .*take this condition away/u }).click();
  await page.getByText("10 images", { exact: true }).waitFor();
  await page.locator(".cell").first().click();
  await page.keyboard.press("2");
  await page.getByText(`was ${EVIL}`).first().waitFor();
  await page.getByRole("button", { name: "Findings" }).click();
  await page.getByText("lies in two classes").waitFor();
  assert.deepEqual(await page.evaluate(harmOf), [0, 0, 0]);
  await page.getByRole("button", { name: "Journal" }).click();
  await page.getByText("1 image: ").waitFor();
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByText(basename(folder)).first().waitFor();
  assert.deepEqual(await page.evaluate(harmOf), [0, 0, 0]);
  assert.deepEqual({ elsewhere, errors }, { elsewhere: [], errors: [] });
});

test("a page may not ask another origin, in either way", { skip: noBrowser }, async (t) => {
  const addresses = [(await localStudio(t)).address, await plainServer(t)];
  const other = await plainServer(t);
  for (const address of addresses) {
    const { page, elsewhere } = await patientPage(t, address);
    await page.getByRole("link", { name: "Learn", exact: true }).waitFor();
    assert.deepEqual(elsewhere, []);
    const refused = await page.evaluate(
      `fetch(${JSON.stringify(other)}).then(() => "answered", (error) => error.name)`,
    );
    assert.equal(refused, "TypeError", "the policy of the page refuses it");
    const image = await page.evaluate(
      `new Promise((tell) => { const image = new Image(); image.onload = () => tell("shown"); image.onerror = () => tell("refused"); image.src = ${JSON.stringify(`${other}icon.svg`)}; })`,
    );
    assert.equal(image, "refused");
  }
});
