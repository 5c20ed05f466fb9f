// Places deployment markers: finds the vendor by the connection.
import { fail, succeed } from '../model/failure.ts';
import type { Outside } from '../model/outside.ts';
import type { Markers } from '../model/ports.ts';
import { vendorPorts, type PortsByVendor } from './ports.ts';

export function createMarkers(outside: Outside, ports: PortsByVendor = vendorPorts): Markers {
  const byVendor = new Map(
    Object.entries(ports).flatMap(([kind, { markers }]) => (markers ? [[kind, markers(outside)]] : [])),
  );
  return {
    async place(marker, signal) {
      const { vendor } = marker.connection;
      const markers = byVendor.get(vendor);
      return markers
        ? markers.place(marker, signal)
        : fail('invalid', `A connection of kind ${vendor} takes no deployment markers.`);
    },
    async check(connection, signal) {
      const markers = connection.marks ? byVendor.get(connection.vendor) : undefined;
      return markers ? markers.check(connection, signal) : succeed(undefined);
    },
  };
}
