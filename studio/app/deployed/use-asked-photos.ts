// The photos that the model was asked about with its answers, in the order in which they came.
import type { Answer, Refusal } from "fovea/experiment";
import { useEffect, useRef, useState } from "preact/hooks";
import { sentenceOf } from "../frame/sentence.ts";
import type { Engine } from "./engine.ts";
import type { Brought } from "./messages.ts";

export interface AskedPhoto {
  readonly number: number;
  readonly name: string;
  readonly file: Blob;
  /** Address of the picture. */
  readonly picture: string;
  readonly answer?: Answer | Refusal;
  readonly milliseconds?: number;
  /** Sentence about a file that the browser does not give, or an engine that fails. */
  readonly error?: string;
}

export const broughtFrom = async (name: string, file: Blob): Promise<Brought> => ({
  name,
  bytes: new Uint8Array(await file.arrayBuffer()),
});

export interface AskedPhotos {
  readonly photos: readonly AskedPhoto[];
  ask(files: readonly File[]): void;
  clear(): void;
}

export function useAskedPhotos(engine: Engine): AskedPhotos {
  const [photos, setPhotos] = useState<readonly AskedPhoto[]>([]);
  const next = useRef(0);
  const current = useRef(photos);
  current.current = photos;
  const forget = (): void => {
    for (const { picture } of current.current) URL.revokeObjectURL(picture);
  };
  useEffect(() => forget, []);
  const answer = async ({ number, name, file }: AskedPhoto): Promise<void> => {
    const found = await broughtFrom(name, file)
      .then((photo) => engine.ask("photo", { photo, number }))
      .catch((failure: unknown) => ({ error: sentenceOf(failure) }));
    setPhotos((before) => before.map((photo) => (photo.number === number ? { ...photo, ...found } : photo)));
  };
  return {
    photos,
    ask: (files) => {
      const asked = files.map((file) => ({
        ...{ number: next.current++, name: file.name, file },
        picture: URL.createObjectURL(file),
      }));
      setPhotos((before) => [...before, ...asked]);
      for (const photo of asked) answer(photo);
    },
    clear: () => {
      forget();
      setPhotos([]);
    },
  };
}
