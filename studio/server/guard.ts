// The guard of the Studio: it lets in programs of this machine that know its address's token, and no other page. Checks
// come before anything is read or computed.
import { sameSecret } from "fovea/service";
import type { MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";

/** Headers of every answer: isolation, so that threads may share memory, and nothing from or to elsewhere. */
const HEADERS: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Content-Security-Policy":
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'self'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

export interface GuardOptions {
  /** The random word of the first address. */
  readonly token: string;
  /** The port that the server listens at. */
  readonly port: () => number;
}

/**
 * Answers 403 to a request for another host, from another origin, or without the token; the first address's token becomes a
 * cookie that no other site's request carries.
 */
export function guard({ token, port }: GuardOptions): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    const host = req.header("host") ?? "";
    if (!hosts.includes(host)) return context.text("this Studio answers at its own address only", 403);
    const origin = req.header("origin");
    const site = req.header("sec-fetch-site");
    const isForeign =
      (origin !== undefined && origin !== `http://${host}`) || site === "cross-site" || site === "same-site";
    // A link in a terminal or a mail opens the page; only reads of data from elsewhere are refused.
    const isVisit = req.method === "GET" && req.header("sec-fetch-mode") === "navigate";
    if (isForeign && !isVisit) return context.text("another page's requests are refused", 403);
    const name = `fovea-studio-${port()}`;
    const fresh = req.query("token");
    if (fresh !== undefined && sameSecret(fresh, token)) {
      setCookie(context, name, token, { httpOnly: true, sameSite: "Strict", path: "/" });
      return context.redirect("/");
    }
    if (!sameSecret(getCookie(context, name) ?? "", token))
      return context.text("open the address that `fovea studio` printed: it has the word that lets you in", 403);
    return next();
  };
}
