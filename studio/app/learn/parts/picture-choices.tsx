// Choices of the channels and the size that a page computes with.
import { isSmall } from "../picture/picture.ts";
import { Choice } from "./choice.tsx";
import { COLORS, type PictureSettings, SIDES } from "./picture-settings.ts";

export const ColorChoice = ({ color }: Pick<PictureSettings, "color">) => (
  <Choice
    label="Channels"
    name="color"
    values={COLORS}
    value={color}
    titles={{ rgb: "red, green, blue", grayscale: "grey" }}
  />
);

/** The choice of the longer side; the small pictures have but one size. */
export const SideChoice = ({ name, side }: Pick<PictureSettings, "name" | "side">) =>
  isSmall(name) ? null : <Choice label="Longer side" name="side" values={SIDES.map(String)} value={String(side)} />;
