// Where a query of a run can be looked at: the vendor's own page, as its definition builds the address.
import type { PageOf } from '../../protocol/snapshot/snapshotQueries.ts';
import type { VendorDefinition } from '../../vendors/vendor.ts';

export function queryPages(vendors: readonly VendorDefinition[]): PageOf {
  return asked => {
    const vendor = vendors.find(({ kind }) => kind === asked.source.vendor),
      url = vendor?.source?.page?.(asked);
    return vendor && url !== undefined ? { vendor: vendor.title, url } : undefined;
  };
}
