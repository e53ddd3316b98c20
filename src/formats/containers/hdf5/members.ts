// Who is in an HDF5 group: by symbol tables under a B-tree (h5py's default) or by link messages (HDF5 1.8).
// Not here: soft and external links, which are refused.
import { Cursor, Damage } from "./cursor.js";
import { denseMessages } from "./dense.js";
import { type HeaderMessage, Message } from "./messages.js";
import type { Meter } from "./meter.js";

/** A member's name and the address of its object header. */
type Member = readonly [name: string, address: number];

const HARD = 0;
const SYMBOLIC = 2;

/** The members of the group that has these messages, in the file's order. */
export function members(bytes: Uint8Array, messages: readonly HeaderMessage[], meter: Meter): Member[] {
  return messages.flatMap(({ type, body }) => {
    if (type === Message.symbolTable) return symbolTable(bytes, body, meter);
    if (type === Message.link) return [link(body)];
    if (type === Message.linkInfo) return denseMessages(bytes, body, 8, meter).map(link);
    return [];
  });
}

function link(body: Cursor): Member {
  if (body.u8() !== 1) throw new Damage("a link is of an unknown version");
  const flags = body.u8();
  const kind = flags & 0x08 ? body.u8() : HARD;
  if (flags & 0x04) body.skip(8); // creation order
  if (flags & 0x10) body.skip(1); // character set: UTF-8 holds ASCII
  const name = nameOf(body.part(body.unsigned(1 << (flags & 3))));
  if (kind !== HARD) throw new Damage(`${name} is a link to elsewhere, which is not supported`);
  return [name, body.length()];
}

function symbolTable(bytes: Uint8Array, body: Cursor, meter: Meter): Member[] {
  const root = body.length();
  const heap = new Cursor(bytes, body.length());
  heap.expect("HEAP");
  heap.skip(4);
  const size = heap.length();
  heap.skip(8);
  const names = new Cursor(bytes, heap.length()).part(size);
  const found: Member[] = [];

  const visit = (address: number, above: number): void => {
    const node = new Cursor(bytes, address);
    node.expect("TREE");
    const kind = node.u8();
    const level = node.u8();
    if (kind !== 0 || level >= above) throw new Damage("a group's index is damaged");
    const count = node.u16();
    meter.look(24 + 16 * count);
    node.skip(16);
    for (let index = 0; index < count; index++) {
      node.skip(8);
      const child = node.length();
      if (level > 0) visit(child, level);
      else readSymbols(child);
    }
  };
  const readSymbols = (address: number): void => {
    const node = new Cursor(bytes, address);
    node.expect("SNOD");
    node.skip(2);
    const count = node.u16();
    meter.look(8 + 40 * count);
    for (let index = 0; index < count; index++) {
      const name = nameOf(new Cursor(bytes, names.at + node.length(), names.end));
      const header = node.length();
      if (node.u32() === SYMBOLIC) throw new Damage(`${name} is a link to elsewhere, which is not supported`);
      node.skip(20);
      meter.look(name.length);
      found.push([name, header]);
    }
  };
  visit(root, 256);
  return found;
}

function nameOf(cursor: Cursor): string {
  const name = cursor.text();
  if (name === "" || name.includes("/")) throw new Damage(`${JSON.stringify(name)} cannot be a name`);
  return name;
}
