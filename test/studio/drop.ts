// Files that are dropped on Home, as a file manager does.
import type { Page } from "playwright-core";

export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export async function drop(page: Page, files: readonly DroppedFile[]): Promise<void> {
  const listed = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") }));
  const transfer = await page.evaluateHandle((contents) => {
    const dropped = new DataTransfer();
    for (const { name, base64 } of contents)
      dropped.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    return dropped;
  }, listed);
  await page.getByRole("region", { name: "Drop images here" }).dispatchEvent("drop", { dataTransfer: transfer });
}
