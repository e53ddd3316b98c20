// A page of a plain web server stays usable without one: a worker keeps its files. The page of a local program needs none.
export function keepOffline(): void {
  if (document.documentElement.dataset.place !== "static" || !("serviceWorker" in navigator)) return;
  // Browsers refuse it on addresses without encryption; the page then works as long as its server does.
  addEventListener("load", () => void navigator.serviceWorker.register("./offline.js").catch(() => undefined));
}
