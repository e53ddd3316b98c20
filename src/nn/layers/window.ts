// Shapes of layers that move a window over images.

/** `height` and `width` of sample shapes, for messages of layers on images. */
export const IMAGE_AXES = ["height", "width", "channels"] as const;

/** Output extent of a window along one axis, Keras's rule; 0 or less when the window does not fit. */
export const windowExtent = (extent: number, size: number, stride: number, padding: "valid" | "same"): number =>
  padding === "same" ? Math.ceil(extent / stride) : Math.floor((extent - size) / stride) + 1;
