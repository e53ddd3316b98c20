// The page's address: which view it shows and in what state, so that every state can be sent, bookmarked and gone back to.
// It stands behind the `#`, for any folder of any web server then serves every view.
import { computed, signal } from "@preact/signals";

export interface Address {
  /** Names of the view, such as `["learn", "convolution"]`. */
  readonly path: readonly string[];
  readonly state: Readonly<Record<string, string>>;
}

/** Reads `#/learn/convolution?stride=2`. */
export function readAddress(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2) as [string?, string?];
  return {
    path: path.split("/").filter(Boolean).map(decode),
    state: Object.fromEntries(new URLSearchParams(query)),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a view, for links: `linkTo(["learn", "convolution"], { stride: "2" })`. */
export function linkTo(path: readonly string[], state: Readonly<Record<string, string | undefined>> = {}): string {
  const known = Object.entries(state).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const query = new URLSearchParams(known).toString();
  return `#/${path.map(encodeURIComponent).join("/")}${query && `?${query}`}`;
}

const current = signal(readAddress(location.hash));
addEventListener("hashchange", () => {
  current.value = readAddress(location.hash);
});

export const address = computed(() => current.value);

/** Goes to another view. */
export function goTo(path: readonly string[], state?: Readonly<Record<string, string | undefined>>): void {
  location.hash = linkTo(path, state);
}

/** Milliseconds between writes: browsers refuse an address that changes with every move of the hand. */
const REST = 100;
let written = 0;
let _waiting: ReturnType<typeof setTimeout> | undefined;

/** Changes the state of the view that is shown; no step of its own in the history. */
export function keepState(state: Readonly<Record<string, string | undefined>>): void {
  const { path, state: before } = current.value;
  current.value = readAddress(linkTo(path, { ...before, ...state }));
  _waiting ??= setTimeout(write, Math.max(0, written + REST - Date.now()));
}

function write(): void {
  _waiting = undefined;
  written = Date.now();
  const { path, state } = current.value;
  // Somebody may have gone elsewhere meanwhile.
  if (readAddress(location.hash).path.join("/") !== path.join("/")) return;
  history.replaceState(history.state, "", linkTo(path, state));
}
