// Defers work by a frame, so that what is read first is drawn first.

/** Runs the work in the frame after the next one; a hidden page has no frames, and the work waits. */
export function afterPaint(work: () => void): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(work);
  });
}
