// Limits of comparing people, which are printed once, when a gallery is made.

/** Sentences on who is judged worse and what law asks for. */
export const FACES =
  "If these are faces or other marks of people: who is missing in the training images is judged worse, and errors differ between groups " +
  "(fovea evaluate RUN people.csv --groups COLUMN measures them); data protection and AI law (GDPR article 9, EU AI Act annex III) " +
  "ask for a legal ground before people are recognised, and forbid some uses. The gallery has embeddings and names, no images.";
