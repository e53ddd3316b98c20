// The face of cards: what a run's files and a person say about a model, for people who sign for it.
export type { CardFacts } from "../../report/card-facts.js";
export { CARD_PAGE, type Card, missingLines, readRunCard, writeCard } from "./card.js";
export { RULES, type RuleName } from "./rules.js";
