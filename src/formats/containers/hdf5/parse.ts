// From the bytes of an HDF5 file to a tree, by h5wasm. Checks what arrays claim before memory is taken for them; of
// everything else it trusts the library, which may throw anything or never return: that is read.ts's business.
import type { Group, Metadata } from "h5wasm";
import { FoveaError } from "../../../core/errors.js";
import { MOST_EXPANSION } from "../limits.js";
import { type Hdf5Library, hdf5Library } from "./library.js";
import {
  ARRAYS,
  type Hdf5Arrays,
  type Hdf5Attribute,
  type Hdf5Attributes,
  type Hdf5Dataset,
  type Hdf5DType,
  type Hdf5Group,
} from "./tree.js";

const MOST_DEPTH = 100;
/** In a sound file every member of a group takes more bytes. */
const LEAST_MEMBER = 8;

export interface ParsedHdf5 {
  readonly root: Hdf5Group;
  /** The memory under all arrays of numbers, to be moved from thread to thread. */
  readonly buffers: readonly ArrayBuffer[];
}

/**
 * Reads the whole file. `name` is what the errors call it; `maxBytes` bounds all arrays and text together.
 * @throws FoveaError for what is not supported or not allowed, anything else for what is damaged.
 */
export async function parseHdf5(bytes: Uint8Array, name: string, maxBytes: number): Promise<ParsedHdf5> {
  const library = await hdf5Library();
  const path = library.freshPath();
  library.FS.writeFile(path, bytes);
  try {
    const file = new library.File(path, "r");
    const parser = new Parser(library, file.file_id, bytes.length, name, maxBytes);
    const root = parser.group(file, 0);
    file.close();
    return { root, buffers: parser.buffers };
  } finally {
    library.FS.unlink(path);
  }
}

class Parser {
  readonly buffers: ArrayBuffer[] = [];
  private members = 0;
  private taken = 0;

  constructor(
    private readonly library: Hdf5Library,
    private readonly file: bigint,
    private readonly fileBytes: number,
    private readonly name: string,
    private readonly maxBytes: number,
  ) {}

  group(group: Group, depth: number): Hdf5Group {
    const groups = new Map<string, Hdf5Group>();
    const datasets = new Map<string, Hdf5Dataset>();
    for (const key of group.keys()) {
      if (depth === MOST_DEPTH || ++this.members > this.fileBytes / LEAST_MEMBER)
        throw this.refusal("its groups are too deep, or contain each other");
      const member = group.get(key);
      if (member instanceof this.library.Dataset) datasets.set(key, this.dataset(member.path));
      else if (member instanceof this.library.Group) groups.set(key, this.group(member, depth + 1));
      else throw this.refusal(`${key} is a link to elsewhere or a named type, which is not supported`);
    }
    return { attributes: this.attributes(group.path), groups, datasets };
  }

  private dataset(path: string): Hdf5Dataset {
    const { module } = this.library;
    const type = module.get_dataset_metadata(this.file, path);
    const attributes = this.attributes(path);
    const dtype = this.dtype(type, attributes);
    const data = this.contents(type, dtype, {
      expansion: module.get_dataset_filters(this.file, path).length > 0 ? MOST_EXPANSION : 1,
      read: (to) => module.get_dataset_data(this.file, path, null, null, null, to),
      reclaim: (from) => module.reclaim_vlen_memory(this.file, path, "", from),
    });
    return { dtype, shape: type.shape ?? [0], data, attributes };
  }

  /** All attributes of an object. Those without a value (null dataspace) are left out. */
  private attributes(path: string): Hdf5Attributes {
    const { module } = this.library;
    const attributes = new Map<string, Hdf5Attribute>();
    for (const name of module.get_attribute_names(this.file, path)) {
      const type = module.get_attribute_metadata(this.file, path, name);
      if (type.shape === null) continue;
      const data = this.contents(type, this.dtype(type), {
        expansion: 1,
        read: (to) => module.get_attribute_data(this.file, path, name, to),
        reclaim: (from) => module.reclaim_vlen_memory(this.file, path, name, from),
      });
      attributes.set(name, type.shape.length === 0 ? plain(data[0]!) : data);
    }
    return attributes;
  }

  /** The elements of a dataset or attribute, once their claimed size was found credible. */
  private contents(type: Metadata, dtype: Hdf5DType, source: Source): Hdf5Arrays[Hdf5DType] {
    const { module } = this.library;
    const size = type.shape === null ? 0 : type.size * type.total_size;
    if (!(size <= this.fileBytes * source.expansion)) throw this.refusal("it claims more content than it can hold");
    this.take(size);
    const at = module._malloc(size);
    if (at === 0) throw this.refusal(`it needs ${size} bytes at once, more than there are`);
    if (size > 0 && source.read(BigInt(at)) < 0) throw new Error("the library could not read it");
    const raw = module.HEAPU8.slice(at, at + size);
    const data = dtype === "string" ? this.texts(type, raw) : this.numbers(dtype, raw);
    if (type.vlen && size > 0) source.reclaim(BigInt(at));
    module._free(at);
    return data;
  }

  private numbers(dtype: Exclude<Hdf5DType, "string">, raw: Uint8Array<ArrayBuffer>): Hdf5Arrays[Hdf5DType] {
    this.buffers.push(raw.buffer);
    return new ARRAYS[dtype](raw.buffer);
  }

  /** Text is UTF-8 here even where the file says ASCII, for h5py says so of any bytes. */
  private texts({ vlen, size }: Metadata, raw: Uint8Array<ArrayBuffer>): string[] {
    if (vlen)
      return Array.from(new Uint32Array(raw.buffer), (pointer) => {
        const text = this.library.module.UTF8ToString(pointer);
        this.take(text.length);
        return text;
      });
    return Array.from({ length: raw.length / size }, (_, index) => {
      const field = raw.subarray(index * size, (index + 1) * size);
      const stop = field.indexOf(0);
      return new TextDecoder().decode(stop < 0 ? field : field.subarray(0, stop));
    });
  }

  private dtype({ type, size, signed, enum_type }: Metadata, attributes?: Hdf5Attributes): Hdf5DType {
    const { H5T_STRING, H5T_FLOAT, H5T_INTEGER, H5T_ENUM, H5T_OPAQUE } = this.library.module.H5T_class_t;
    if (type === H5T_OPAQUE.value && size === 2 && attributes?.get("dtype") === "bfloat16") return "bfloat16";
    if (type === H5T_STRING.value) return "string";
    const kind = type === H5T_ENUM.value ? enum_type?.type : type;
    const family = kind === H5T_FLOAT.value ? "float" : kind === H5T_INTEGER.value ? (signed ? "int" : "uint") : "";
    const found = `${family}${size * 8}`;
    if (found in ARRAYS) return found as Hdf5DType;
    throw this.refusal(
      `it holds elements of HDF5's type class ${type} with ${size} bytes, neither text nor numbers of a usual size`,
    );
  }

  private take(bytes: number): void {
    this.taken += bytes;
    if (this.taken > this.maxBytes) throw this.refusal(`it holds more than the ${this.maxBytes} bytes allowed`);
  }

  private refusal(reason: string): FoveaError {
    return new FoveaError("damaged-file", `${this.name}: this HDF5 file cannot be read, because ${reason}`);
  }
}

interface Source {
  /** Largest size of the content, in times of its size in the file. */
  readonly expansion: number;
  /** Fills the library's memory at `to`; negative for a failure. */
  read(to: bigint): number;
  /** Gives back the text that what lies at `from` points to. */
  reclaim(from: bigint): number;
}

/** A 64-bit integer as a number where that is safe. */
const plain = (value: string | number | bigint): string | number | bigint =>
  typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
