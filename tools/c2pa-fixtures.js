// Makes small photographs with content credentials, and notes what the official reader says about them:
//   npm pack @contentauth/c2pa-wasm && tar xzf contentauth-c2pa-wasm-*.tgz && node tools/c2pa-fixtures.js package
// Writes test/forensics/fixtures/credentials; keys are made anew with openssl and thrown away.
import { execFileSync } from "node:child_process";
import { createPrivateKey, sign } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = resolve(process.argv[2] ?? "package");
const out = fileURLToPath(new URL("../test/forensics/fixtures/credentials/", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "fovea-c2pa-"));
const at = (name) => join(work, name);

globalThis.fetch = () => {
  throw new Error("nothing is fetched");
};

// The builder reads blobs with what only workers of browsers have.
class BytesBlob extends Blob {
  constructor(parts, options) {
    super(parts, options);
    this.raw = Buffer.concat(parts.map((part) => Buffer.from(part)));
  }
  slice(start, end, type) {
    return new BytesBlob([this.raw.subarray(start, end)], { type });
  }
}
globalThis.FileReaderSync = class {
  readAsArrayBuffer({ raw }) {
    return Uint8Array.from(raw).buffer;
  }
};

const { default: init, WasmBuilder, WasmReader } = await import(pathToFileURL(join(folder, "pkg/c2pa.js")).href);
await init({ module_or_path: readFileSync(join(folder, "pkg/c2pa_bg.wasm")) });

const CONFIG = `[req]
distinguished_name=dn
prompt=no
[dn]
CN=Fovea test root
O=Fovea tests
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,emailProtection
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
`;

/** Makes a root and a certificate below it. */
function makeCertificates() {
  const openssl = (...options) => execFileSync("openssl", options, { cwd: work, stdio: "pipe" });
  writeFileSync(at("config"), CONFIG);
  for (const name of ["root", "leaf"])
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", `${name}.key`);
  const days = ["-days", "36500", "-sha256"];
  openssl("req", "-x509", "-new", "-key", "root.key", ...days, "-out", "root.pem", "-config", "config", "-extensions", "ca");
  openssl("req", "-new", "-key", "leaf.key", "-subj", "/CN=Test camera/O=Fovea tests", "-out", "leaf.csr");
  const by = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"];
  openssl("x509", "-req", "-in", "leaf.csr", ...by, ...days, "-extfile", "config", "-extensions", "leaf", "-out", "leaf.pem");
}

const head = (major, n) =>
  n < 24
    ? Buffer.from([(major << 5) | n])
    : n < 256
      ? Buffer.from([(major << 5) | 24, n])
      : Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
const bytes = (value) => Buffer.concat([head(2, value.length), value]);
const text = (value) => Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
const list = (...items) => Buffer.concat([head(4, items.length), ...items]);

/** The longest signature that the builder leaves room for. */
const RESERVED = 4096;

/** A COSE signature (RFC 9052) of a claim, filled up to the reserved length. */
function signature(claim) {
  const chain = ["leaf.pem", "root.pem"].map((name) =>
    Buffer.from(readFileSync(at(name), "utf8").replace(/-----[^-]+-----|\s/g, ""), "base64"),
  );
  const header = Buffer.concat([head(5, 2), head(0, 1), head(1, 6), head(0, 33), list(...chain.map(bytes))]);
  const signed = list(text("Signature1"), bytes(header), bytes(Buffer.alloc(0)), bytes(Buffer.from(claim)));
  const key = createPrivateKey(readFileSync(at("leaf.key")));
  const value = sign("sha256", signed, { key, dsaEncoding: "ieee-p1363" });
  const whole = (filling) =>
    Buffer.concat([
      ...[Buffer.from([0xd2]), head(4, 4), bytes(header)],
      ...[head(5, 1), text("pad"), bytes(Buffer.alloc(filling)), Buffer.from([0xf6]), bytes(value)],
    ]);
  let filling = RESERVED - whole(0).length - 3;
  while (whole(filling).length < RESERVED) filling++;
  return new Uint8Array(whole(filling));
}

/** A photograph with a signed declaration of its origin. */
function signedFile(photo, sourceType) {
  const digitalSourceType = `http://cv.iptc.org/newscodes/digitalsourcetype/${sourceType}`;
  const builder = WasmBuilder.fromJson(
    JSON.stringify({
      claim_generator_info: [{ name: "Fovea tests", version: "1" }],
      title: "photo",
      format: "image/jpeg",
      assertions: [{ label: "c2pa.actions", data: { actions: [{ action: "c2pa.created", digitalSourceType }] } }],
    }),
  );
  const signer = { alg: "es256", reserveSize: RESERVED, sign: async (claim) => signature(claim) };
  return builder.sign(signer, [], "image/jpeg", new BytesBlob([photo]));
}

async function answer(file, anchors) {
  const settings = {
    verify: { verify_trust: true, remote_manifest_fetch: false, ocsp_fetch: false },
    ...(anchors && { trust: { trust_anchors: anchors } }),
  };
  return JSON.parse((await WasmReader.fromBytes("image/jpeg", file, JSON.stringify(settings))).json());
}

makeCertificates();
execFileSync("/usr/bin/convert", ["-size", "32x24", "gradient:rgb(200,80,20)-rgb(20,90,200)", "-strip", at("photo.jpg")]);
const photo = readFileSync(at("photo.jpg"));
const signed = await signedFile(photo, "digitalCapture");
const generated = await signedFile(photo, "trainedAlgorithmicMedia");
const changed = Uint8Array.from(signed);
// A byte of the pixels, which stand at the end.
changed[changed.length - 20] ^= 1;
const anchors = readFileSync(at("root.pem"), "utf8");
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "signed.jpg"), signed);
writeFileSync(join(out, "anchors.pem"), anchors);
const answers = {
  untrusted: await answer(signed),
  trusted: await answer(signed, anchors),
  changed: await answer(changed, anchors),
  generated: await answer(generated, anchors),
};
writeFileSync(join(out, "answers.json"), `${JSON.stringify(answers, null, 1)}\n`);
for (const [name, { validation_state }] of Object.entries(answers)) console.log(name, validation_state);
rmSync(work, { recursive: true });
