// Address of a picture or a page that the workbench makes, or the sentence that says why there is none.
import { useEffect, useState } from "preact/hooks";
import type { FileAddress, FileKind } from "../../contract/files.js";
import { sentenceOf } from "../frame/sentence.ts";
import type { Host } from "../host/host.js";
import { host } from "../host/index.js";

export interface Made {
  readonly address?: string;
  readonly error?: string;
}

/**
 * @param parts undefined asks for nothing
 * @returns nothing while another file is waited for
 */
export function useFile<K extends FileKind>(kind: K, parts: FileAddress<K> | undefined): Made {
  const key = JSON.stringify([kind, parts]);
  return useMade(key, parts && ((connection) => connection.file(kind, parts)), letGo);
}

/** An image of a project. Its address belongs to the way to the workbench, which keeps it. */
export const usePicture = (project: string, index: number): Made =>
  useMade(JSON.stringify([project, index]), (connection) => connection.picture(project, index));

function useMade(
  key: string,
  ask: ((connection: Host) => string | Promise<string>) | undefined,
  onOver: (address: string) => void = () => {},
): Made {
  const [made, setMade] = useState<Made & { readonly key?: string }>({});
  useEffect(() => {
    if (ask === undefined) return;
    let isCurrent = true;
    const brought = host().then(ask);
    brought.then(
      (address) => isCurrent && setMade({ key, address }),
      (failure) => isCurrent && setMade({ key, error: sentenceOf(failure) }),
    );
    return () => {
      isCurrent = false;
      // A request that failed has no address to let go.
      brought.then(onOver, () => undefined);
    };
  }, [key]);
  return made.key === key ? made : {};
}

/** Lets an address of this page's memory go; one of the program that served it needs no letting go. */
function letGo(address: string): void {
  if (address.startsWith("blob:")) URL.revokeObjectURL(address);
}

/** The sentence of a program that was asked for a picture by its address and sent none. */
export async function reasonOf(address: string): Promise<string> {
  try {
    const response = await fetch(address);
    return response.ok ? "this browser cannot show the picture" : await response.text();
  } catch (failure) {
    return sentenceOf(failure);
  }
}
