// The messages of an HDF5 object header, in its two forms (HDF5 1.0 and 1.8), checksums checked.
// Knows where messages begin and end and what their numbers mean; their contents are read elsewhere.
import { Cursor, Damage } from "./cursor.js";
import { lookup3 } from "./lookup3.js";
import type { Meter } from "./meter.js";

/** Message types, as the file format numbers them. */
export const Message = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  groupInfo: 0x0a,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

const SHARED = 0x02;

export interface HeaderMessage {
  readonly type: number;
  readonly body: Cursor;
}

/** All messages of the object whose header is at `address`, continuation blocks followed. */
export function messagesAt(bytes: Uint8Array, address: number, meter: Meter): HeaderMessage[] {
  const start = new Cursor(bytes, address);
  const modern = start.left >= 4 && bytes[address] === 0x4f; // "OHDR"
  const header = modern ? modernHeader(start) : classicHeader(start);
  const messages: HeaderMessage[] = [];
  const blocks = [header.block];
  for (let index = 0; index < blocks.length; index++) {
    meter.look(16 + blocks[index]!.left);
    for (const message of header.read(blocks[index]!)) {
      if (message.type !== Message.continuation) messages.push(message);
      else blocks.push(header.continuation(new Cursor(bytes, message.body.length()), message.body.length()));
    }
  }
  return messages;
}

interface Header {
  readonly block: Cursor;
  read(block: Cursor): Iterable<HeaderMessage>;
  continuation(at: Cursor, length: number): Cursor;
}

function classicHeader(start: Cursor): Header {
  if (start.u8() !== 1) throw new Damage("an object header is of an unknown version");
  start.skip(7);
  const size = start.u32();
  start.skip(4);
  return {
    block: start.part(size),
    continuation: (at, length) => at.part(length),
    *read(block) {
      while (block.left >= 8) {
        const type = block.u16();
        const size = block.u16();
        const flags = block.u8();
        block.skip(3);
        yield { type, body: unshared(flags, type, block.part(size)) };
      }
    },
  };
}

function modernHeader(start: Cursor): Header {
  const from = start.at;
  start.expect("OHDR");
  if (start.u8() !== 2) throw new Damage("an object header is of an unknown version");
  const headerFlags = start.u8();
  if (headerFlags & 0x20) start.skip(16); // four times
  if (headerFlags & 0x10) start.skip(4); // when attributes would move to other storage
  const ordered = (headerFlags & 0x04) !== 0;
  const size = start.unsigned(1 << (headerFlags & 3));
  const block = start.part(size);
  verify(start, from);
  return {
    block,
    continuation(at, length) {
      const from = at.at;
      at.expect("OCHK");
      const block = at.part(length - 8);
      verify(at, from);
      return block;
    },
    *read(block) {
      while (block.left >= (ordered ? 6 : 4)) {
        const type = block.u8();
        const size = block.u16();
        const flags = block.u8();
        if (ordered) block.skip(2);
        yield { type, body: unshared(flags, type, block.part(size)) };
      }
    },
  };
}

function unshared(flags: number, type: number, body: Cursor): Cursor {
  if (flags & SHARED && type !== 0) throw new Damage("it uses shared messages (named types), which are not supported");
  return body;
}

/** Compares the checksum at the cursor with that of everything since `from`. */
export function verify(cursor: Cursor, from: number): void {
  const actual = lookup3(cursor.bytes.subarray(from, cursor.at));
  if (cursor.u32() !== actual) throw new Damage("a checksum does not fit");
}
