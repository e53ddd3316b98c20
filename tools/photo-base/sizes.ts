// Sizes that the scripts of the photo base share.
/** Side of the images that the teacher takes, in pixels. */
export const TEACHER_SIDE = 224;
/** Side of the images that the student takes. */
export const STUDENT_SIDE = 160;
/** Pooled features of the teacher. */
export const FEATURES = 1280;
/** Classes of ImageNet. */
export const CLASSES = 1000;
