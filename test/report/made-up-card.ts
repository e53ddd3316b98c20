// A card for tests of its page: lines in every state, a table that is wider than a telephone, names from the right.
import type { CardFacts } from "../../src/report/card-facts.js";

export const madeUpCard = (): CardFacts => ({
  name: "דבורים ants",
  createdBy: "Fovea 0.1.0",
  sections: [
    {
      id: "statements",
      title: "Purpose and use",
      rows: [
        {
          label: "Purpose",
          value: "Sorts photos of\nants and <bees>.",
          state: "known",
          from: ["card.json#/lines/purpose"],
        },
        { label: "Owner", value: "Not written yet", state: "missing", from: [] },
        { label: "Health of the data", value: "not checked: fovea health photos", state: "open", from: [] },
        { label: "Weights, SHA-256", value: "ab".repeat(32), state: "known", from: ["metrics.json#/weights_sha256"] },
      ],
      tables: [
        {
          title: "Classes of Test",
          columns: [
            { head: "class" },
            ...["images", "right", "recall", "precision", "F1"].map((head) => ({ head, number: true })),
          ],
          rows: [
            {
              cells: ["דבורים", "12", "11", "91.7% (64.6% to 98.5%)", "84.6% (57.8% to 95.7%)", "0.8800"],
              from: ["facts.json#/facts/evaluation/labels"],
            },
          ],
          note: "Counted from the answers.",
        },
      ],
    },
  ],
  time: "2026-11-29T17:12:11.246Z",
  rules: [
    { name: "AI Act, Annex IV", title: "Regulation (EU) 2024/1689, Annex IV", certainty: "Compared with a summary." },
    { name: "SR 11-7", title: "Supervisory Guidance on Model Risk Management", certainty: "Compared with a summary." },
  ],
  duties: [
    { title: "Purpose", section: "statements", person: true, state: "known", places: ["1(a)", "IV, purpose"] },
    { title: "Owner", section: "statements", person: true, state: "missing", places: ["1(a)", "VI, roles"] },
    { title: "Assessment of risks", person: true, state: "missing", places: ["5", ""] },
  ],
});
