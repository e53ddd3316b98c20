// Keeps the page where there is no network: its files are stored once, and a newer set takes their place whole. Asks nobody
// but the server that the page came from.
const FILES = "files.json";
const KEPT = "fovea-studio-";

/** A name that changes with any file, for names of built files have their hashes in them. */
async function nameOf(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return KEPT + [...new Uint8Array(digest)].slice(0, 8).join("-");
}

async function keep() {
  const text = await (await fetch(FILES, { cache: "no-store" })).text();
  const name = await nameOf(text);
  if (await caches.has(name)) return;
  const cache = await caches.open(`${name}-new`);
  await cache.addAll(["./", ...JSON.parse(text)]);
  const whole = await caches.open(name);
  for (const request of await cache.keys()) await whole.put(request, await cache.match(request));
  for (const other of await caches.keys()) if (other.startsWith(KEPT) && other !== name) await caches.delete(other);
}

addEventListener("install", (event) => event.waitUntil(keep().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

async function answer(request) {
  // A page comes from its server as long as there is one, so that a newer set is seen.
  if (request.mode === "navigate") {
    try {
      const fresh = await fetch(request);
      keep().catch(() => undefined);
      return fresh;
    } catch {
      return (await caches.match("./")) ?? Response.error();
    }
  }
  return (await caches.match(request)) ?? fetch(request);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(answer(request));
});
