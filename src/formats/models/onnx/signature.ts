// The first bytes of ONNX files, apart from what reads the rest, which is loaded for such files only.

/** Checks whether `bytes` may be an ONNX file: one that begins with its version. */
export const looksLikeOnnx = (bytes: Uint8Array): boolean => bytes.length > 8 && bytes[0] === 0x08 && bytes[1]! < 0x20;
