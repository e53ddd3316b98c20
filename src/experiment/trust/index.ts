// The face of trust: what can be said of a model's answers besides one figure. Pure functions over outcomes of `decide`.
export { type ClassRow, classTable } from "./class-table.js";
export { type LabelDecision, labelDecisions } from "./label-decisions.js";
export { type ReferralPoint, referralCurve } from "./referral.js";
export { type Slice, type SliceAttribute, slicesOf } from "./slices.js";
