// The face of scoring: images in any number scored in shards, and shards merged.
export { type Merged, mergeScores } from "./merge.js";
export { type Scored, type ScoreOptions, scoreImages } from "./score.js";
export type { ScoreFacts } from "./score-facts.js";
export { formOf } from "./score-forms.js";
export { openScoreSource, type ScoreSource, type ScoreSourceOptions } from "./score-source.js";
export { fleetHere, type Shard, shardName, shardOf } from "./shard.js";
