// The face of decision logs: answers logged line by line, chained by hash, read and checked.
export { HashedFiles, type LoggedModel, loggedModel } from "./answers.js";
export { type DecisionLog, type DecisionPlace, type LogHead, openDecisionLog, readDecisions } from "./decision-log.js";
export type { DecisionEntry, LoggedDecision } from "./line.js";
export { type LogFault, type LogFaultKind, type VerifiedLog, type VerifyOptions, verifyDecisionLog } from "./verify.js";
