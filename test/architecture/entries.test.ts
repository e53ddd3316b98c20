// The package's entries, imported as a user does by the names in package.json: what Keras's users look for is there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const WORDS: Readonly<Record<string, string>> = {
  "fovea/layers":
    "conv2d conv2dTranspose depthwiseConv2d separableConv2d batchNormalization layerNormalization dropout " +
    "spatialDropout2d zeroPadding2d cropping2d upSampling2d resizing centerCrop maxPooling2d averagePooling2d " +
    "globalMaxPooling2d globalAveragePooling2d reLU leakyReLU pReLU eLU softmax activation add subtract multiply " +
    "average maximum concatenate reshape permute flatten rescaling normalization categoryEncoding gaussianNoise " +
    "randomFlip randomMosaic randomRotation randomZoom randomTranslation randomContrast randomBrightness randomCrop lambda",
  "fovea/losses":
    "hinge squaredHinge categoricalHinge huber meanAbsoluteError klDivergence binaryFocalCrossentropy " +
    "categoricalFocalCrossentropy gammaDeviance poisson poissonDeviance tweedieDeviance",
  "fovea/metrics":
    "precision recall auc f1Score topKCategoricalAccuracy sparseTopKCategoricalAccuracy meanIoU confusionMatrix " +
    "rootMeanSquaredError r2Score d2TweedieScore",
  "fovea/optimizers": "sgd rmsprop adam adamw adagrad nadam lion exponentialDecay piecewiseConstantDecay cosineDecay",
  "fovea/callbacks":
    "earlyStopping modelCheckpoint reduceLROnPlateau learningRateScheduler terminateOnNaN tensorBoard lambdaCallback",
  "fovea/constraints": "maxNorm nonNeg unitNorm minMaxNorm",
  "fovea/initializers": "glorotUniform heNormal orthogonal truncatedNormal varianceScaling identity",
  "fovea/regularizers": "l1 l2 l1L2",
  "fovea/applications": "application applicationOf mobileNet mobileNetV2 resNet50 decodePredictions",
  fovea: "sequential model layerOutputs findLearningRate loadModel saveKeras loadWeights modelCheckpoint tensorBoard",
};

for (const [entry, words] of Object.entries(WORDS))
  test(`${entry} has what Keras's users look for`, async () => {
    const found = (await import(entry)) as Readonly<Record<string, unknown>>;
    assert.deepEqual(
      words.split(" ").filter((word) => typeof found[word] !== "function"),
      [],
    );
  });

test("every entry of the package can be imported", async () => {
  const url = new URL("../../../package.json", import.meta.url);
  const { exports } = JSON.parse(readFileSync(url, "utf8")) as { exports: Readonly<Record<string, string>> };
  // Entries of workers do nothing elsewhere; test/platform/bundled.test.ts runs them there.
  for (const entry of Object.keys(exports).filter((name) => !name.startsWith("./workers/")))
    assert.ok(Object.keys((await import(`fovea${entry.slice(1)}`)) as object).length > 0, entry);
});
