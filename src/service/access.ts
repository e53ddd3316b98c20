// Access to a service: a bearer token that is compared in constant time, hosts that a program on this machine asks by, and
// pages of other sites, which are refused.
import { ServiceError } from "./service-error.js";

/** The rule who may ask a service. */
export interface Access {
  /**
   * The word that requests must carry as `Authorization: Bearer WORD`. Default: none, all programs that reach the port
   * may ask.
   */
  readonly token?: string;
  /** True for a service on this machine alone: requests for other hosts are refused (DNS rebinding). */
  readonly isLocal: boolean;
}

/** The least length of a token: 16 characters of base64 have 96 bits. */
const LEAST_TOKEN = 16;

/**
 * Returns a token if it is hard to guess.
 * @param token At least 16 characters, printable ASCII without spaces.
 * @throws ServiceError for a token that can be guessed
 * @example checkToken("4f1c9a70b2d84e6fa3a5");
 */
export function checkToken(token: string): string {
  if (token.length < LEAST_TOKEN || !/^[\x21-\x7e]+$/.test(token))
    throw new ServiceError(
      400,
      "malformed-text",
      `token: expected at least ${LEAST_TOKEN} characters of ASCII without spaces, received ${token.length}; openssl rand -base64 24 makes such a word`,
    );
  return token;
}

/**
 * Compares in a time that tells nothing of where two words differ.
 * @param a The word that a request carries.
 * @param b The word that it must carry.
 * @example sameSecret("4f1c9a70b2d84e6f", "4f1c9a70b2d84e6f"); // true
 */
export function sameSecret(a: string, b: string): boolean {
  const encoder = new TextEncoder();
  const [left, right] = [encoder.encode(a), encoder.encode(b)];
  let difference = left.length ^ right.length;
  for (const [at, byte] of right.entries()) difference |= byte ^ (left[at] ?? 0);
  return difference === 0;
}

const LOCAL_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** @throws ServiceError 403 for another host or a page of another site, 401 without the token */
export function checkAccess({ token, isLocal }: Access, headers: Headers): void {
  const host = headers.get("host") ?? "";
  if (isLocal && !LOCAL_HOST.test(host))
    throw new ServiceError(
      403,
      "not-allowed",
      "this service answers at 127.0.0.1 only; ask it by that address, or start it with --host",
    );
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if ((origin !== null && origin !== `http://${host}` && origin !== `https://${host}`) || site === "cross-site")
    throw new ServiceError(403, "not-allowed", "requests of other sites' pages are refused; ask from a program");
  if (token === undefined) return;
  const [scheme = "", word = ""] = (headers.get("authorization") ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer" || !sameSecret(word, token))
    throw new ServiceError(
      401,
      "unauthorized",
      "expected the header Authorization: Bearer TOKEN with the token of this service",
    );
}
