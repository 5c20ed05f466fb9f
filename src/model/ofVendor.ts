// What every part of a pipeline carries that a vendor's definition made.

/**
 * What a vendor's definition made of its part of the file. Plain data, since it is journalled and sent to the worker.
 */
export interface OfVendor {
  /** Kind of the definition in `src/vendors/`. */
  readonly vendor: string;
  /** Typed in the vendor's own folder, which alone reads it. */
  readonly options?: unknown;
}
