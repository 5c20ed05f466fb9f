// Lists the builds that a pipeline's artifact may come from: finds the vendor by the artifact's source.
import { fail } from '../model/failure.ts';
import type { Outside } from '../model/outside.ts';
import type { Artifacts } from '../model/ports.ts';
import { vendorPorts, type PortsByVendor } from './ports.ts';

export function createArtifacts(outside: Outside, ports: PortsByVendor = vendorPorts): Artifacts {
  const byVendor = new Map(
    Object.entries(ports).flatMap(([kind, { artifacts }]) => (artifacts ? [[kind, artifacts(outside)]] : [])),
  );
  return {
    list(source, connection, limit, signal) {
      const artifacts = byVendor.get(source.vendor);
      return artifacts && connection.vendor === source.vendor
        ? artifacts.list(source, connection, limit, signal)
        : Promise.resolve(fail('invalid', `A connection of kind ${connection.vendor} has no builds.`));
    },
    commits(source, connection, range, signal) {
      const read = connection.vendor === source.vendor ? byVendor.get(source.vendor)?.commits : undefined;
      return read
        ? read(source, connection, range, signal)
        : Promise.resolve(fail('invalid', `A connection of kind ${connection.vendor} keeps no commits.`));
    },
  };
}
