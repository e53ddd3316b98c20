// The files of a zip archive as a source's files: read where they lie, never unpacked to the disk.
import { type RangeSource, type ZipMember, zipMembers } from "../../formats/containers/zip-members.js";
import { type FileSet, fileSetOf, type StoredFile } from "./file-set.js";

/**
 * The files of an archive.
 * @throws FoveaError for an archive that is damaged or encrypted, or whose paths leave it.
 */
export async function zipFiles(archive: RangeSource, where: string): Promise<FileSet> {
  const members = await zipMembers(archive, where);
  const recent = lastUnpacked();
  return fileSetOf(where, new Map(members.map((member) => [member.path, storedIn(member, recent)])));
}

type Unpack = (member: ZipMember) => Promise<Uint8Array>;

/** Holds the member that was unpacked last: a file of many images is asked for one after the other. */
function lastUnpacked(): Unpack {
  let last: { readonly path: string; readonly bytes: Promise<Uint8Array> } | undefined;
  return (member) => {
    if (last?.path !== member.path) last = { path: member.path, bytes: member.bytes() };
    return last.bytes;
  };
}

const storedIn = (member: ZipMember, unpacked: Unpack): StoredFile => ({
  size: member.size,
  bytes: () => member.bytes(),
  range: async (start, length) => (await unpacked(member)).subarray(start, start + length),
});
