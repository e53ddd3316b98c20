// Content credentials (C2PA): whether the file is unchanged since it was signed, and, apart from that, whether the signer
// is one whom the user trusts. Their presence is found here; their signatures are checked by the official reader.

import { metadataOf, xmpValue } from "../metadata/metadata.js";
import { sourceTypeOf } from "../metadata/source-types.js";
import { quoted, sentenceOf } from "../metadata/wording.js";
import type { Evidence, EvidenceRow } from "../record/evidence.js";
import type { ExaminedImage } from "../record/image.js";
import type { Method } from "../record/method.js";
import { type CredentialsReader, type ManifestStore, openReader, READER_PACKAGE } from "./reader.js";

const MEDIA_TYPES: Readonly<Record<ExaminedImage["format"], string>> = {
  JPEG: "image/jpeg",
  PNG: "image/png",
  WebP: "image/webp",
  GIF: "image/gif",
  BMP: "image/bmp",
};

/** Failures that say nothing about whether the file is unchanged. */
const OF_TRUST = "signingCredential.untrusted";
const TRUSTED = "signingCredential.trusted";
const MOST_ROWS = 60;

/** The method with a reader, or with none: what credentials say is then not looked at. */
export const credentialsWith = (open: () => Promise<CredentialsReader | undefined>): Method => ({
  name: "credentials",
  title: "Content credentials",
  kind: "credentials",
  measures:
    "whether the file carries signed credentials (C2PA), whether it is unchanged since it was signed, and whether you trust the signer",
  limits:
    "Hardly any photograph has credentials, and web sites remove them; a signature names the signer and does not vouch for the scene before the camera; nothing is fetched, so that revoked certificates are not noticed",
  source: "C2PA Technical Specification 2.2 (c2pa.org), read by c2pa-rs",
  appliesTo: "all",
  async run(image): Promise<Evidence> {
    const metadata = await metadataOf(image);
    const { credentialBytes } = metadata.blocks;
    const remote = xmpValue(metadata, "dcterms:provenance");
    const rows: EvidenceRow[] =
      remote === undefined ? [] : [{ label: "Manifest elsewhere, not fetched", value: remote }];
    if (credentialBytes === 0)
      return {
        finding: "unable",
        sentence:
          remote === undefined
            ? "The file has no content credentials, as hardly any photograph has, so this is no sign of forgery."
            : "The file has no content credentials of its own and names an address that has some; nothing is fetched from there.",
        ...(rows.length > 0 && { rows }),
      };
    rows.push({ label: "Content credentials", value: `${credentialBytes} bytes` });
    const reader = await open();
    if (reader === undefined)
      return {
        finding: "unable",
        sentence: `The file has content credentials, and they were not looked at: install the official reader (npm install ${READER_PACKAGE}) and examine the file again.`,
        rows,
      };
    rows.push({ label: "Reader", value: `${READER_PACKAGE} ${reader.version}` });
    const store = await reader.read(image.bytes, MEDIA_TYPES[image.format], image.trustAnchors);
    return evidenceIn(store, rows, image.trustAnchors !== undefined);
  },
});

/** The method with the reader that is installed, if any. */
export const credentials: Method = credentialsWith(openReader);

function evidenceIn(store: ManifestStore, rows: EvidenceRow[], hasAnchors: boolean): Evidence {
  const manifest = store.manifests[store.active_manifest ?? ""];
  const results = store.validation_results?.activeManifest;
  if (manifest === undefined || results === undefined || results === null)
    return { finding: "unable", sentence: "The reader finds no manifest in the content credentials.", rows };
  const signer = manifest.signature_info?.common_name ?? manifest.signature_info?.issuer ?? "an unnamed signer";
  const add = (label: string, value: string | null | undefined): void => {
    if (value && rows.length < MOST_ROWS) rows.push({ label, value });
  };
  add("Signed by", manifest.signature_info?.common_name);
  add("Certificate issued by", manifest.signature_info?.issuer);
  add("Time of the signature", manifest.signature_info?.time);
  for (const { name, version } of manifest.claim_generator_info ?? [])
    add("Written by", `${name} ${version ?? ""}`.trim());
  const { actions, types } = actionsIn(manifest);
  for (const action of actions) add("Declared step", action);
  for (const { title } of manifest.ingredients ?? []) add("Made from", title ?? "an unnamed file");
  const failures = results.failure.map(({ code }) => code).filter((code) => code !== OF_TRUST);
  const isTrusted = results.success.some(({ code }) => code === TRUSTED);
  add("Integrity", failures.length === 0 ? "unchanged since it was signed" : failures.join(", "));
  add("Trust", isTrusted ? "the signer is among those whom you trust" : "the signer is not among those whom you trust");
  const changed = failures.some((code) => code.endsWith(".mismatch"));
  if (changed)
    return { finding: "contradicts", sentence: `The file was changed after ${quoted(signer)} signed it.`, rows };
  if (failures.length > 0)
    return { finding: "notable", sentence: `The content credentials are not in order: ${failures.join(", ")}.`, rows };
  const generated = types.map(sourceTypeOf).find((type) => type?.finding === "contradicts");
  if (generated !== undefined)
    return {
      finding: "contradicts",
      sentence: `The file is unchanged since ${quoted(signer)} signed it, and the signed declaration calls it ${generated.meaning}: by it, this is no photograph.`,
      rows,
    };
  if (isTrusted)
    return {
      finding: "verifies",
      sentence: `${sentenceOf([`${quoted(signer)}, whom you trust, has signed the file, and it is unchanged since`])}`,
      rows,
    };
  return {
    finding: "notable",
    sentence: `The file is unchanged since ${quoted(signer)} signed it; ${hasAnchors ? "the signer is not among those whom you trust" : "no trusted signer was named (--trust)"}, and any program can sign under any name.`,
    rows,
  };
}

/** Steps that a manifest declares, and the types of origin among them. */
function actionsIn(manifest: ManifestStore["manifests"][string]): {
  readonly actions: string[];
  readonly types: string[];
} {
  const [actions, types]: [string[], string[]] = [[], []];
  for (const { label, data } of manifest.assertions ?? []) {
    if (!label.startsWith("c2pa.actions")) continue;
    const list = field(data, "actions");
    for (const item of Array.isArray(list) ? list : []) {
      const action = field(item, "action");
      const type = field(item, "digitalSourceType");
      if (typeof type === "string") types.push(type);
      if (typeof action === "string")
        actions.push(typeof type === "string" ? `${action} (${type.split("/").at(-1)})` : action);
    }
  }
  return { actions, types };
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
