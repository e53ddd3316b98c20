// The face of cards: what a run's files and a person say about a model, for people who sign for it.
export { CARD_PAGE, type Card, missingLines, writeCard } from "./card.js";
export { RULES, type RuleName } from "./rules.js";
