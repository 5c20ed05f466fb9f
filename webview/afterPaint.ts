// For what may come a frame later, so that what is read first is seen first.

/** Runs the work in the frame after the next one; while the page is hidden there are no frames, and it waits. */
export function afterPaint(work: () => void): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(work);
  });
}
