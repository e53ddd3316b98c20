// Keeps the page where there is no network: its files are stored once, and a newer set takes their place whole. Asks nobody
// but the server that the page came from.
const FILES = "files.json";
/** Pages in other folders of the same server keep sets of their own. */
const KEPT = `fovea-studio ${registration.scope} `;

/** A name that changes with any file, for names of built files have their hashes in them. */
async function nameOf(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return KEPT + [...new Uint8Array(digest)].slice(0, 8).join("-");
}

async function keep() {
  const text = await (await fetch(FILES, { cache: "no-store" })).text();
  const name = await nameOf(text);
  const cache = await caches.open(name);
  // A set comes all at once or not at all: one that has its first page is whole.
  if ((await cache.match("./")) === undefined)
    await cache.addAll(["./", ...JSON.parse(text)].map((path) => new Request(path, { cache: "no-cache" })));
  for (const other of await caches.keys()) if (other.startsWith(KEPT) && other !== name) await caches.delete(other);
}

addEventListener("install", (event) => event.waitUntil(keep().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

/** A file of this page's own sets; undefined where none has it. */
async function kept(request) {
  for (const name of await caches.keys()) {
    const found = name.startsWith(KEPT) ? await caches.match(request, { cacheName: name }) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

async function answer(event) {
  const { request } = event;
  if (request.mode !== "navigate") return (await kept(request)) ?? fetch(request);
  // A page comes from its server as long as there is one, so that a newer set is seen.
  try {
    const fresh = await fetch(request);
    // A set that does not come now is asked for with the next page.
    event.waitUntil(keep().catch(() => undefined));
    return fresh;
  } catch {
    return (await kept("./")) ?? Response.error();
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(answer(event));
});
