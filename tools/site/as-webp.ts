// Small pictures for the site: a JPEG scaled to 800 pixels and encoded as WebP by Chromium's canvas.
import type { Page } from "playwright-core";

const WIDTH = 800;
const QUALITY = 0.55;

/** The bytes of the small picture. @param page any page of the browser that does the work */
export async function asWebp(page: Page, jpeg: Buffer): Promise<Buffer> {
  const source = `data:image/jpeg;base64,${jpeg.toString("base64")}`;
  const encoded = await page.evaluate(
    async ({ source, width, quality }) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const height = Math.round((image.height * width) / image.width);
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d")!;
      context.imageSmoothingQuality = "high";
      context.drawImage(image, 0, 0, width, height);
      return canvas.toDataURL("image/webp", quality);
    },
    { source, width: WIDTH, quality: QUALITY },
  );
  return Buffer.from(encoded.slice(encoded.indexOf(",") + 1), "base64");
}
