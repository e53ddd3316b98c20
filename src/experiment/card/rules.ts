// Rules that ask what a card tells, and where in them: the EU AI Act's technical documentation, EIOPA's opinion, the NAIC's
// bulletin and SR 11-7. None was compared with its official publication; each says what its places were compared with.

/** The rules by their short names. */
export const RULES = {
  annexIV: {
    name: "AI Act, Annex IV",
    title: "Regulation (EU) 2024/1689, Annex IV: technical documentation of high-risk AI systems (Article 11)",
    certainty: "Points were compared with reproductions of the Regulation's text, not with the Official Journal.",
  },
  eiopa: {
    name: "EIOPA",
    title: "EIOPA, Opinion on AI governance and risk management, EIOPA-BoS-25/360 of 6 August 2025",
    certainty:
      "Headings are those that summaries of the opinion give; its paragraphs were not compared, so none is numbered.",
  },
  naic: {
    name: "NAIC",
    title: "NAIC, Model Bulletin on the Use of Artificial Intelligence Systems by Insurers, 4 December 2023",
    certainty:
      "Subjects of its Section 3 are those that summaries give; its paragraphs were not compared, so none is numbered. States issue it in versions of their own.",
  },
  sr117: {
    name: "SR 11-7",
    title: "Federal Reserve and OCC, Supervisory Guidance on Model Risk Management, SR 11-7 of 4 April 2011",
    certainty:
      "Sections were compared with a description of the letter. By several accounts it was rescinded on 17 April 2026 and replaced by SR 26-2 (OCC Bulletin 2026-13): ask which of both your supervisor goes by.",
  },
} as const;

/** Short name of a rule: `annexIV`, `eiopa`, `naic` or `sr117`. */
export type RuleName = keyof typeof RULES;
export const RULE_NAMES = Object.keys(RULES) as readonly RuleName[];

/** The place of a thing in each rule, empty where a rule does not ask for it. */
export type Places = Readonly<Record<RuleName, string>>;

const RECORDS = "Documentation and record keeping";
const DATA = "Data governance";
const ACCURACY = "Accuracy, robustness and cybersecurity";
const MODELS = "Section 3, risk management: predictive models";

/** Lines that only a person can write, in the order of the card. */
export const LINE_DUTIES = {
  purpose: {
    title: "Purpose",
    places: { annexIV: "1(a)", eiopa: RECORDS, naic: MODELS, sr117: "IV, model development: statement of purpose" },
  },
  use: {
    title: "Intended use",
    places: {
      annexIV: "1(h), 3",
      eiopa: "Transparency and explainability",
      naic: "Section 3, AIS program: use of the system",
      sr117: "IV, model use",
    },
  },
  limits: {
    title: "Limits",
    places: { annexIV: "3", eiopa: RECORDS, naic: MODELS, sr117: "IV, model use: limitations; VI, documentation" },
  },
  owner: {
    title: "Owner",
    places: {
      annexIV: "1(a)",
      eiopa: "Risk management system: roles",
      naic: "Section 3, governance: roles",
      sr117: "VI, roles and responsibilities",
    },
  },
  contact: {
    title: "Contact",
    places: { annexIV: "1(a)", eiopa: RECORDS, naic: "Section 3, governance: roles", sr117: "VI, model inventory" },
  },
  oversight: {
    title: "Human oversight",
    places: {
      annexIV: "2(e), 3",
      eiopa: "Human oversight",
      naic: "Section 3, governance: human involvement",
      sr117: "III, effective challenge",
    },
  },
  monitoring: {
    title: "Monitoring in use",
    places: { annexIV: "3, 9", eiopa: ACCURACY, naic: "Section 3: retesting, drift", sr117: "V, ongoing monitoring" },
  },
  dataLicence: {
    title: "Licence of the data",
    places: { annexIV: "2(d)", eiopa: DATA, naic: "Section 3, third-party data", sr117: "IV, data" },
  },
  weightsLicence: {
    title: "Licence of the weights",
    places: {
      annexIV: "2(a)",
      eiopa: "Risk management system: third parties",
      naic: "Section 3, third-party systems",
      sr117: "V, vendor products",
    },
  },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly places: Places }>>;

/** Places of what files tell, by the section of the card. */
export const TOPIC_PLACES = {
  model: { annexIV: "2(b), 2(c)", eiopa: RECORDS, naic: MODELS, sr117: "IV, model development" },
  data: { annexIV: "2(d), 2(g)", eiopa: DATA, naic: "Section 3: data practices, lineage", sr117: "IV, data" },
  health: { annexIV: "2(d)", eiopa: DATA, naic: "Section 3: data quality", sr117: "IV, data: quality and relevance" },
  lineage: {
    annexIV: "2(a), 2(d)",
    eiopa: DATA,
    naic: "Section 3: data lineage; third parties",
    sr117: "V, vendor products",
  },
  metrics: {
    annexIV: "2(g), 3",
    eiopa: ACCURACY,
    naic: "Section 3: validation, testing",
    sr117: "V, outcomes analysis",
  },
  calibration: { annexIV: "3", eiopa: ACCURACY, naic: "Section 3: validation, testing", sr117: "V, outcomes analysis" },
  slices: {
    annexIV: "2(g), 3",
    eiopa: "Fairness and ethics",
    naic: "Section 3: bias analysis",
    sr117: "V, outcomes analysis",
  },
  failures: { annexIV: "3", eiopa: "Transparency and explainability", naic: MODELS, sr117: "IV, testing: limitations" },
  effort: { annexIV: "2(c)", eiopa: "", naic: "", sr117: "" },
  replay: {
    annexIV: "2(g)",
    eiopa: RECORDS,
    naic: "Section 3: reproducibility, traceability",
    sr117: "VI, documentation: repeatable by others",
  },
  versions: { annexIV: "1(c)", eiopa: RECORDS, naic: MODELS, sr117: "VI, model inventory" },
} as const satisfies Readonly<Record<string, Places>>;

/** Things that rules ask for and no card of a run has: a person states them elsewhere. */
export const ELSEWHERE: readonly { readonly title: string; readonly places: Places }[] = [
  {
    title: "Assessment of risks, and measures against them",
    places: {
      annexIV: "5",
      eiopa: "Risk-based approach and proportionality",
      naic: "Section 3, AIS program",
      sr117: "III, overview of model risk management",
    },
  },
  {
    title: "Reasons why these figures are the right ones for the purpose",
    places: { annexIV: "4", eiopa: ACCURACY, naic: "Section 3: validation, testing", sr117: "V, conceptual soundness" },
  },
  {
    title: "Fairness towards people: attributes to compare by, and consequences",
    places: { annexIV: "2(g), 3", eiopa: "Fairness and ethics", naic: "Section 3: bias analysis", sr117: "" },
  },
  {
    title: "Independent validation, approval and its date",
    places: {
      annexIV: "2(g)",
      eiopa: "Risk management system: roles",
      naic: "Section 3, governance: approval",
      sr117: "V, VI",
    },
  },
  {
    title: "Protection from misuse and attacks",
    places: { annexIV: "2(h)", eiopa: ACCURACY, naic: "Section 3: data protection", sr117: "" },
  },
  {
    title: "Changes since the first use, and those that are planned",
    places: {
      annexIV: "2(f), 6",
      eiopa: RECORDS,
      naic: "Section 3, AIS program: life cycle",
      sr117: "VI, documentation",
    },
  },
  {
    title: "Standards that were applied, and the declaration of conformity",
    places: { annexIV: "7, 8", eiopa: "", naic: "", sr117: "" },
  },
];
