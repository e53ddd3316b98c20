// The parts of a deployed page by their names: inside the page as base64, or files beside it.
import { inflateSync } from "fflate";

/** A part's bytes; undefined where the page has none of that name. @throws Error for a file that does not come */
export async function readPart(name: string): Promise<Uint8Array | undefined> {
  const element = document.getElementById(`part-${name}`);
  if (element === null) return undefined;
  const { file, form } = element.dataset;
  if (file !== undefined) {
    const response = await fetch(new URL(file, document.baseURI));
    if (!response.ok) throw new Error(`${file} did not come from the server (${response.status}); load the page again`);
    return new Uint8Array(await response.arrayBuffer());
  }
  const bytes = Uint8Array.from(atob(element.textContent ?? ""), (character) => character.charCodeAt(0));
  // The text takes more memory than what it says.
  element.textContent = "";
  return form === "deflate" ? inflateSync(bytes) : bytes;
}

/** A part that is there, as text. @throws Error where it is not */
export async function readText(name: string): Promise<string> {
  const bytes = await readPart(name);
  if (bytes === undefined) throw new Error(`this page has no part ${name}; deploy it again`);
  return new TextDecoder().decode(bytes);
}
