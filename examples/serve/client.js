// Asks a model that `fovea serve` answers for about photos. Usage: node client.js PHOTO... [--at http://127.0.0.1:8080]
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

const words = process.argv.slice(2);
const at = words.indexOf("--at");
const [, address = "http://127.0.0.1:8080"] = at < 0 ? [] : words.splice(at, 2);

const form = new FormData();
for (const path of words) form.append("image", new Blob([await readFile(path)]), basename(path));
const response = await fetch(`${address}/v1/predict`, { method: "POST", body: form });
console.log(response.status, JSON.stringify(await response.json()));
