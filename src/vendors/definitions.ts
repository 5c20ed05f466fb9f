// The vendors that a pipeline file may name, in the order in which they are offered.
import { command } from './command/definition.ts';
import { script } from './script/definition.ts';
import { files } from './files/definition.ts';
import { clickHouse } from './clickHouse/definition.ts';
import { jenkins } from './jenkins/definition.ts';
import { loki } from './loki/definition.ts';
import { newRelic } from './newRelic/definition.ts';
import { openSearch } from './openSearch/definition.ts';
import { datadog } from './datadog/definition.ts';
import { cloudWatch } from './cloudWatch/definition.ts';
import { cdEvents } from './cdEvents/definition.ts';
import { grafana } from './grafana/definition.ts';
import { graphite } from './graphite/definition.ts';
import { prometheus } from './prometheus/definition.ts';
import { sumoLogic } from './sumoLogic/definition.ts';
import { victoriaLogs } from './victoriaLogs/definition.ts';
import type { VendorDefinition } from './vendor.ts';

export const definitions: readonly VendorDefinition[] = [
  newRelic,
  sumoLogic,
  prometheus,
  loki,
  victoriaLogs,
  clickHouse,
  openSearch,
  datadog,
  cloudWatch,
  graphite,
  grafana,
  cdEvents,
  files,
  command,
  script,
  jenkins,
];

/** How their keys look. */
export const secretForms: readonly RegExp[] = definitions.flatMap(vendor => vendor.credential?.forms ?? []);

/** A credential may go there without a question to a person. */
export const vendorDomains: readonly string[] = definitions.flatMap(vendor => vendor.connection?.domains ?? []);
