// The parts of the network that are frozen or trained together: the shipped network's blocks by their layers, and the head.

export const GROUPS = ["block1", "block2", "block3", "block4", "places", "head"] as const;
export type GroupName = (typeof GROUPS)[number];

export interface GroupFacts {
  readonly title: string;
  /** Layers with weights, by their names in the base. */
  readonly layers: readonly string[];
  /** Its role in the network, in a few words. */
  readonly does: string;
}

export const GROUP_FACTS: Readonly<Record<GroupName, GroupFacts>> = {
  block1: { title: "1st block", layers: ["conv1", "norm1"], does: "edges and lines" },
  block2: { title: "2nd block", layers: ["conv2", "norm2"], does: "strokes" },
  block3: { title: "3rd block", layers: ["conv3", "norm3"], does: "strokes that meet" },
  block4: { title: "4th block", layers: ["conv4", "norm4"], does: "parts of characters" },
  places: { title: "Places", layers: ["places", "features"], does: "which part is where" },
  head: { title: "Head", layers: [], does: "which of the two" },
};

/** Something of each group. */
export const byGroup = <T>(of: (group: GroupName) => T): Record<GroupName, T> => ({
  block1: of("block1"),
  block2: of("block2"),
  block3: of("block3"),
  block4: of("block4"),
  places: of("places"),
  head: of("head"),
});
