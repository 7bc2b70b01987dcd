// Which clips the wall holds, in the document or not: `clip-12`.

export const placed = new Set();
