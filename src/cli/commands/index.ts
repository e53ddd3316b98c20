// All commands, in the order of `fovea --help`. A command's module is loaded when it is needed, so that help is quick.
import type { Command } from "commander";

/** Exports of a command's file. */
export interface CommandModule {
  /** Adds description, arguments, options, examples and the action. */
  define(command: Command): void;
}

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "demo",
    summary: "every step on generated handwriting, in a few minutes",
    load: () => import("./demo.js"),
  },
  {
    name: "studio",
    summary: "the browser app: see it, touch it, train it, ship it",
    load: () => import("./studio.js"),
  },
  {
    name: "docs",
    summary: "the manual in the browser: first steps, the lecture, tasks; offline",
    load: () => import("./docs.js"),
  },
  {
    name: "inspect",
    summary: "the contents of a folder of images: tree, classes, sizes, colours, problems",
    load: () => import("./inspect.js"),
  },
  {
    name: "health",
    summary: "can these images be trusted: copies, leaks, wrong labels, bad photos, shifts",
    load: () => import("./health.js"),
  },
  {
    name: "forensics",
    summary: "evidence in one image file about its origin, never a verdict",
    load: () => import("./forensics.js"),
  },
  {
    name: "synth",
    summary: "write generated images to try things on",
    load: () => import("./synth.js"),
  },
  {
    name: "import",
    summary: "write images of other forms (MNIST IDX, CASIA GNT) as class folders",
    load: () => import("./import.js"),
  },
  {
    name: "annotations",
    summary: "convert boxes, outlines and masks: COCO, VOC, YOLO, mask PNG, LabelMe, CVAT, Label Studio",
    load: () => import("./annotations.js"),
  },
  {
    name: "train",
    summary: "train a classifier on a folder of images",
    load: () => import("./train.js"),
  },
  {
    name: "transfer",
    summary: "a new head on a trained network: little data, little time",
    load: () => import("./transfer.js"),
  },
  {
    name: "evaluate",
    summary: "how good a model is on a folder of images, class by class",
    load: () => import("./evaluate.js"),
  },
  {
    name: "compare",
    summary: "runs side by side: figures with intervals, settings that differ, is one better",
    load: () => import("./compare.js"),
  },
  {
    name: "predict",
    summary: "ask a model about images",
    load: () => import("./predict.js"),
  },
  {
    name: "score",
    summary: "ask a model about any number of images, in shards on any number of machines",
    load: () => import("./score.js"),
  },
  {
    name: "serve",
    summary: "answer over HTTP: the Open Inference Protocol v2, and image files",
    load: () => import("./serve.js"),
  },
  {
    name: "monitor",
    summary: "are new images, or logged decisions, still like those that a run was tested on",
    load: () => import("./monitor.js"),
  },
  {
    name: "log",
    summary: "check a decision log: was a line changed, removed or moved",
    load: () => import("./log.js"),
  },
  {
    name: "explain",
    summary: "why a model decides as it does: heat maps, layers, features",
    load: () => import("./explain.js"),
  },
  {
    name: "classify",
    summary: "the objects on photos, by a network trained on ImageNet",
    load: () => import("./classify.js"),
  },
  {
    name: "similar",
    summary: "images of a folder that are most like one, or there twice",
    load: () => import("./similar.js"),
  },
  {
    name: "watch",
    summary: "has this photo been seen before: a store of hashes that is added to, checked and merged",
    load: () => import("./watch.js"),
  },
  {
    name: "gallery",
    summary: "are two images of one identity, and who is it: enrol, verify, identify, forget",
    load: () => import("./gallery.js"),
  },
  {
    name: "weights",
    summary: "pretrained weights on this machine: list, pull, add, verify, where",
    load: () => import("./weights.js"),
  },
  {
    name: "cache",
    summary: "decoded images and features kept on this machine: list, clear, limit",
    load: () => import("./cache.js"),
  },
  {
    name: "summary",
    summary: "the layers of a model, their output shapes and parameters",
    load: () => import("./summary.js"),
  },
  {
    name: "plot",
    summary: "draw the layers of a model with their shapes",
    load: () => import("./plot.js"),
  },
  {
    name: "convert",
    summary: "write a model in another format, and check that it computes the same",
    load: () => import("./convert.js"),
  },
  {
    name: "deploy",
    summary: "hand a model over: a page that opens from a disk, a folder for the web, a program of Node",
    load: () => import("./deploy.js"),
  },
  {
    name: "report",
    summary: "draw a run's report again",
    load: () => import("./report.js"),
  },
  {
    name: "replay",
    summary: "train a run again and compare the weights to the bit",
    load: () => import("./replay.js"),
  },
  {
    name: "certify",
    summary: "train a run again and sign that it ends in the same bits",
    load: () => import("./certify.js"),
  },
  {
    name: "card",
    summary: "the card of a model for people who sign for it, mapped to regulators' questions",
    load: () => import("./card.js"),
  },
  {
    name: "tune",
    summary: "search for good hyper-parameters: studies to repeat, resume, share and rebuild",
    load: () => import("./tune.js"),
  },
  {
    name: "bench",
    summary: "how fast this machine trains or predicts",
    load: () => import("./bench.js"),
  },
];
