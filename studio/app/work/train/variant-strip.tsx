// One of the user's images as it is, and as the chosen augmentation varies it.
import type { TrainSettings } from "../../../contract/training-calls.js";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";
import { lookOnly } from "./settings.ts";

interface Props {
  readonly project: string;
  readonly settings: TrainSettings;
}

export function VariantStrip({ project, settings }: Props) {
  const { augment, seed } = settings;
  const { value, previous, error } = useCall("variants", {
    project,
    image: 0,
    settings: { ...lookOnly(settings), augment, seed },
  });
  const [first, ...varied] = value ?? previous ?? [];
  return (
    <>
      <div class="variants">
        {first !== undefined && <img src={first} alt="The first one as it is" />}
        {varied.map((address, i) => (
          <img key={i} src={address} alt={`Variant ${i + 1}`} />
        ))}
      </div>
      <Refusal sentence={error} />
    </>
  );
}
