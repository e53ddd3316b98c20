// Answers about the photos of one request, in their order: decoded, computed with those of other requests, logged before they
// are told.
import { type Answer, isRefusal, type Refusal } from "../experiment/models/index.js";
import type { HostedModel } from "./hosted-model.js";
import type { ServiceParts } from "./parts.js";
import type { Photo } from "./photos.js";
import { untilAborted } from "./until-aborted.js";

/** An answer as a caller gets it. */
export type PhotoAnswer = (Answer | Refusal) & { readonly sha256?: string };

export class HashedPhotos {
  readonly #service: ServiceParts;
  readonly #model: HostedModel;
  readonly #photos: readonly Photo[];

  constructor(service: ServiceParts, model: HostedModel, photos: readonly Photo[]) {
    this.#service = service;
    this.#model = model;
    this.#photos = photos;
  }

  async answer(signal: AbortSignal): Promise<PhotoAnswer[]> {
    const { preprocessing, task } = this.#model.opened;
    const { items, x, hashes, sizes } = await untilAborted(
      this.#service.photos.decode(this.#photos, preprocessing!),
      signal,
    );
    const names = items.filter((item) => typeof item === "string");
    const answers = x === undefined ? [] : await this.#model.answer(x, names, signal, sizes);
    let next = 0;
    const told = items.map((item, at): PhotoAnswer => {
      const hash = hashes[at]!;
      const answer: Answer | Refusal =
        typeof item === "string"
          ? answers[next++]!
          : {
              image: item.image,
              ...(task === undefined ? {} : { task: task.kind }),
              accepted: false,
              error: item.error,
              code: item.code,
            };
      return hash === "" ? answer : { ...answer, sha256: hash };
    });
    await this.#log(told);
    for (const answer of told)
      this.#service.metrics.add("fovea_answers_total", {
        model: this.#model.spec.name,
        outcome: isRefusal(answer) ? "refused" : answer.accepted ? "accepted" : "referred",
      });
    return told;
  }

  async #log(answers: readonly PhotoAnswer[]): Promise<void> {
    const { decisions } = this.#service;
    if (decisions === undefined) return;
    await decisions.add(
      answers.map(({ image: file, sha256, ...answer }) => ({
        ...this.#model.logged,
        ...(sha256 === undefined ? {} : { image: sha256 }),
        file,
        ...answer,
      })),
    );
  }
}
