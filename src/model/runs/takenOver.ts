// Thrown where a run that lost its right to act would write on: whoever catches it touches nothing any more.

/**
 * A right to act as a run, or in an environment. Whoever takes it gets a greater generation, and the holder of a
 * smaller one may act no more.
 */
export interface Fence {
  readonly name: string;
  readonly generation: number;
}

export class TakenOver extends Error {
  /** Absent: the journal itself went on without this process. */
  readonly fence: Fence | undefined;
  constructor(message: string, fence?: Fence) {
    super(message);
    this.name = 'TakenOver';
    this.fence = fence;
  }
}
