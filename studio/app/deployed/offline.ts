// Keeps a page in a folder, so that it opens where there is no network. Browsers do so for secure addresses only.
export function keepOffline(): void {
  // A browser that keeps nothing shows the page all the same.
  navigator.serviceWorker?.register("offline.js").catch(() => undefined);
}
