// Runs in the browser: makes the font of a chart there. Also called in Node: both must answer the same.
import { fontFace } from "../../src/report/fonts/embed.js";

export default function answer(): Promise<string> {
  return fontFace("太 not 大 (87%)");
}
