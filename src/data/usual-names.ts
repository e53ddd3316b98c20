// Usual names of folders of segmentation and detection data. Classes seldom have them.

/** Folders of photos that are no class. */
export const PHOTO_FOLDERS = /^(images?|imgs?|photos?|pictures?|pics?|jpe?gimages|originals?|raw|inputs?|rgb|x)$/i;
/** Folders of annotations of the photos: masks, boxes, labels. */
export const MASK_FOLDERS =
  /^(masks?|labels?|annotations?|annots?|anno|ground[-_ ]?truths?|gt|segmentations?|segmentation[-_ ]?class|segs?|mattes?|targets?|trimaps?|y)$/i;
