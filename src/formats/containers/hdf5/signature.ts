// How every HDF5 file begins.

export const SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/** Whether `bytes` begin as an HDF5 file does. */
export const looksLikeHdf5 = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, at) => bytes[at] === byte);
