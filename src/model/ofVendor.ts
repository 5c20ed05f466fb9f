// The fields that every part of a pipeline has if a vendor's definition compiled it.

/** The result of compiling the vendor's part of the file. Plain data, since it is journalled and sent to the worker. */
export interface OfVendor {
  /** Kind of the definition in `src/vendors/`. */
  readonly vendor: string;
  /** The type is in the vendor's own folder; only that folder reads it. */
  readonly options?: unknown;
}
