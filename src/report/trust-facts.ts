// Facts about how far a model's answers can be trusted, judged on test images with what was fitted on validation images. Plain
// data: computed in experiment/trust, drawn by pages/sections/trust.ts.

/** Trust in a model's answers. */
export type TrustReport = ClassTrustReport | NumberTrustReport;

interface Fitted {
  /** Name of the judged part, and its number of images. */
  readonly split: string;
  readonly judged: number;
  /** Number of validation images that temperature and limits were fitted on. */
  readonly images: number;
  /** True where the same images chose the epoch. */
  readonly choseEpoch: boolean;
}

/** A share with its 95 % interval. */
export interface ShareFacts {
  /** The share, from 0 to 1. */
  readonly share: number;
  /** Lower end of the interval of 95 %. */
  readonly low: number;
  /** Upper end of the interval of 95 %. */
  readonly high: number;
}

/** Trust in answers that are classes. */
export interface ClassTrustReport extends Fitted {
  /** The kind of facts. */
  readonly kind: "classification";
  /** Divisor of the logits. */
  readonly temperature: number;
  /** A temperature of less log loss that would have made the Brier score worse, and was not taken. */
  readonly refused?: number;
  /** Calibration without the temperature. */
  readonly before: CalibrationFacts;
  /** Calibration with the temperature. */
  readonly after: CalibrationFacts;
  /** Sets of classes at each coverage. */
  readonly sets: readonly SetFacts[];
  /** Error by the share of answers. */
  readonly curve: RiskCurveFacts;
  /** Limits of referral. */
  readonly thresholds: readonly ThresholdFacts[];
  /** Costs of errors and referrals. */
  readonly costs: CostFacts;
  /** Absent where the model stores no limits of that kind. */
  readonly novelty?: NoveltyShareFacts;
}

/** Figures of how well confidence fits accuracy. */
export interface CalibrationFacts {
  /** Mean of -log of the probability of the true class; 0 is best. */
  readonly logLoss: number;
  /** Of all classes, from 0 to 2. */
  readonly brier: number;
  /** Expected calibration error over bins of equal width, from 0 to 1 (Naeini and others, 2015). */
  readonly ece: number;
  /** The same over bins of equal numbers of images. */
  readonly adaptiveEce: number;
  /** The largest gap of a bin between confidence and accuracy, from 0 to 1. */
  readonly mce: number;
  /** Murphy's parts of the score of the most probable class. */
  readonly parts: {
    readonly score: number;
    readonly reliability: number;
    readonly resolution: number;
    readonly uncertainty: number;
    readonly within: number;
  };
  /** Bins of equal width: bounds, images, right ones, mean confidence and accuracy. */
  readonly bins: readonly {
    readonly from: number;
    readonly to: number;
    readonly count: number;
    readonly right: number;
    readonly confidence: number;
    readonly accuracy: number;
  }[];
}

/** Conformal sets of one coverage. */
export interface SetFacts {
  /** Method of the sets, such as `aps`. */
  readonly method: string;
  /** True where the coverage holds in each class, and not only on average. */
  readonly perClass: boolean;
  /** Share of images whose set is to hold the true class, from 0 to 1. */
  readonly coverage: number;
  /** Share of judged images whose set holds the true class. */
  readonly covered: ShareFacts;
  /** Mean number of classes of a set. */
  readonly meanSize: number;
  /** Share of sets with exactly one class. */
  readonly single: number;
  /** Share of sets without any class. */
  readonly empty: number;
}

/** Risk over coverage, at most some hundred points; `area` is that of all. */
export interface RiskCurveFacts {
  /** Share of images that are answered, from 0 to 1, ascending. */
  readonly coverage: readonly number[];
  /** Share of wrong answers among these. */
  readonly risk: readonly number[];
  /** Area under the curve of all points; 0 is best. */
  readonly area: number;
}

/** A threshold fitted to a bound on the error, and its effect on the judged images. */
export interface ThresholdFacts {
  /** Bound on the share of wrong answers, from 0 to 1. */
  readonly risk: number;
  /** Probability of the predicted class, from 0 to 1. */
  readonly confidence: number;
  /** Absent where no threshold keeps the bound. */
  readonly threshold?: number;
  /** Share of judged images that are answered; absent where no threshold keeps the bound. */
  readonly accepted?: number;
  /** Share of wrong ones among the answered; absent where no threshold keeps the bound. */
  readonly wrong?: number;
}

/** Costs of ways to decide, per judged image. */
export interface CostFacts {
  /** Cost of a wrong answer. */
  readonly mistake: number;
  /** Cost of a look by a person, in the same unit. */
  readonly look: number;
  /** Ways to decide: share of referred images, share of wrong answers, and mean cost of each. */
  readonly rules: readonly {
    /** Fixed threshold; absent for the decision at least expected cost. */
    readonly threshold?: number;
    readonly referred: number;
    readonly wrong: number;
    readonly cost: number;
  }[];
}

/** Share of images that are referred as unlike the training images. */
export interface NoveltyShareFacts {
  /** Names of the measures of which the largest counts: energy, distance. */
  readonly measures: readonly string[];
  /** Share of validation images below the limit. */
  readonly level: number;
  /** Number of judged images that were looked at, and of those that are taken for none of the classes. */
  readonly judged: number;
  /** Number of judged images that are taken for none of the classes. */
  readonly referred: number;
}

/** Trust in answers that are numbers. */
export interface NumberTrustReport extends Fitted {
  /** The kind of facts. */
  readonly kind: "regression";
  /** Width of intervals: the same for all, or in proportion. */
  readonly method: "absolute" | "relative";
  /** The predicted numbers, column by column. */
  readonly targets: readonly {
    readonly name: string;
    readonly intervals: readonly {
      readonly coverage: number;
      readonly covered: ShareFacts;
      readonly meanWidth: number;
      readonly medianWidth: number;
    }[];
  }[];
}
