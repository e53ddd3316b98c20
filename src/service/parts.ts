// Parts of a service that its routes use; service.ts makes them.
import type { Access } from "./access.js";
import type { BodyBudget } from "./body.js";
import type { DecisionWriter } from "./decision-writer.js";
import type { ServiceLimits } from "./limits.js";
import type { LogLine } from "./log-line.js";
import type { Metrics } from "./metrics.js";
import type { PhotoDecoder } from "./photos.js";
import type { Registry } from "./registry.js";

export interface ServiceParts {
  readonly registry: Registry;
  readonly limits: ServiceLimits;
  readonly access: Access;
  readonly metrics: Metrics;
  readonly bodies: BodyBudget;
  readonly photos: PhotoDecoder;
  /** The log that answers about photos are added to before they are told. */
  readonly decisions: DecisionWriter | undefined;
  readonly log: (line: LogLine) => void;
  /** True until the service drains. */
  readonly isReady: boolean;
  /** Does work that a drain waits for. */
  during(work: () => Promise<void>): Promise<void>;
  /** Measures as Prometheus reads them. */
  measures(): string;
}
