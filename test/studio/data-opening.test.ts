// The ways of opening: looking through folders, drops and pickers, what was opened before; on this machine and in a page alone.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { tooMuch } from "../../studio/contract/upload.js";
import { drop } from "./drop.js";
import { checkAccessible, closeBrowser, counted, emptyFolder, localStudio, noBrowser, plainServer } from "./page.js";
import { patientPage } from "./patient.js";
import { classFolders, tinyPng, writeFiles } from "./small-data.js";

after(closeBrowser);

const home = (page: Page): Promise<void> => page.getByRole("link", { name: "Home" }).click();

/** Waits for the grid to have so many images. */
const shows = async (page: Page, images: number): Promise<void> => {
  await page.getByText(`${images} images`, { exact: true }).waitFor();
  await page.locator(".cell img").first().waitFor();
};

test("folders are looked through and opened; what was open is there again", { skip: noBrowser }, async (t) => {
  const studio = await localStudio(t);
  classFolders(join(studio.home, "deep/er/pets"), ["cat", "dog"]);
  mkdirSync(join(studio.home, ".hidden"));
  const { page, elsewhere, errors } = await patientPage(t, studio.address);
  await page.getByRole("button", { name: "Browse" }).click();
  const dialog = page.getByRole("dialog", { name: "Open a folder or a file" });
  await dialog.getByRole("button", { name: "deep folder" }).click();
  await dialog.getByRole("button", { name: "er folder" }).click();
  await checkAccessible(page, "The dialog for opening");
  await dialog.getByRole("button", { name: "pets folder" }).click();
  await dialog.getByRole("button", { name: "Open this folder" }).click();
  await shows(page, 8);
  await page.keyboard.press("Escape");
  await page.reload();
  await shows(page, 8);
  await home(page);
  await page.getByRole("heading", { name: "Opened before" }).waitFor();
  await page.locator(".project img").waitFor();
  await checkAccessible(page, "Home");
  await page.getByRole("link", { name: "pets" }).click();
  await shows(page, 8);
  await home(page);
  await page.getByLabel("Path of a folder").fill("/etc");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByText("outside of the folders that this Studio was started for").waitFor();
  await page.getByRole("button", { name: "Take pets off this list" }).click();
  await page.getByRole("heading", { name: "Opened before" }).waitFor({ state: "detached" });
  assert.deepEqual(elsewhere, []);
  // The browser notes the refusal in its console.
  assert.equal(errors.filter((error) => !error.includes("403")).length, 0);
});

const ways: Readonly<Record<string, (t: TestContext) => Promise<{ address: string; home?: string }>>> = {
  "on this machine": localStudio,
  "in a page alone": async (t) => ({ address: await plainServer(t) }),
};

for (const [hosting, start] of Object.entries(ways))
  test(`picked folders and dropped files are packed, opened and kept, ${hosting}`, { skip: noBrowser }, async (t) => {
    const { address, home: folder } = await start(t);
    const picked = classFolders(join(emptyFolder(t), "picked"), ["cat", "dog"]);
    writeFiles(picked, { ".DS_Store": "none of the images" });
    const { page, elsewhere, errors } = await patientPage(t, address);
    await page.getByText("Nothing leaves this").first().waitFor();
    const [folders, files] = [page.getByLabel("Choose a folder").last(), page.getByLabel("Choose files").last()];
    await folders.setInputFiles(picked);
    await shows(page, 8);
    await page.getByText(/^picked(\.zip)? has a folder for each class: 8 images, 2 classes/).waitFor();
    if (folder !== undefined) assert.ok(existsSync(join(folder, "uploads/picked.zip")));
    await page.getByRole("listbox", { name: "Images" }).press("2");
    await page.locator(".chip").waitFor();
    await page.reload();
    await page.locator(".chip").waitFor();

    await home(page);
    await drop(page, [
      { name: "a.png", bytes: tinyPng(1) },
      { name: "b.png", bytes: tinyPng(2) },
      { name: "manifest.csv", bytes: new TextEncoder().encode("path,price\na.png,1.5\nb.png,2.5\n") },
    ]);
    await shows(page, 2);
    await page.getByRole("option", { name: "1.5, a.png" }).waitFor();

    await home(page);
    await files.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no image") });
    await page.getByRole("alert").getByText("holds no images").waitFor();
    await counted(page.locator(".project"), 2, "what cannot be opened is not listed");
    if (folder !== undefined)
      assert.deepEqual(
        readdirSync(join(folder, "uploads")).filter((name) => /notes/.test(name)),
        [],
      );
    await checkAccessible(page, `Home, ${hosting}`);
    assert.deepEqual(elsewhere, []);
    assert.equal(errors.filter((error) => !error.includes("400")).length, 0);
  });

test("more files than one archive holds are refused by their number and their sizes", () => {
  assert.equal(tooMuch("photos", 65_535, 1000), undefined);
  for (const [files, bytes] of [
    [65_536, 1000],
    [10, 2 ** 32 - 100],
  ] as const)
    assert.match(tooMuch("photos", files, bytes) ?? "", /^photos: expected at most 65,535 files of 4 GiB together/);
});
