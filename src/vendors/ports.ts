// What talks to each vendor, by the kind of its definition.
import { commandPorts } from './command/ports.ts';
import { scriptPorts } from './script/ports.ts';
import { filesPorts } from './files/ports.ts';
import { clickHousePorts } from './clickHouse/ports.ts';
import { jenkinsPorts } from './jenkins/ports.ts';
import { lokiPorts } from './loki/ports.ts';
import { newRelicPorts } from './newRelic/ports.ts';
import { openSearchPorts } from './openSearch/ports.ts';
import { datadogPorts } from './datadog/ports.ts';
import { cloudWatchPorts } from './cloudWatch/ports.ts';
import { cdEventsPorts } from './cdEvents/ports.ts';
import { grafanaPorts } from './grafana/ports.ts';
import { graphitePorts } from './graphite/ports.ts';
import { prometheusPorts } from './prometheus/ports.ts';
import { sumoLogicPorts } from './sumoLogic/ports.ts';
import { victoriaLogsPorts } from './victoriaLogs/ports.ts';
import type { VendorPorts } from './vendor.ts';

export type PortsByVendor = Readonly<Record<string, VendorPorts>>;

export const vendorPorts: PortsByVendor = {
  newRelic: newRelicPorts,
  sumoLogic: sumoLogicPorts,
  files: filesPorts,
  command: commandPorts,
  script: scriptPorts,
  prometheus: prometheusPorts,
  loki: lokiPorts,
  victoriaLogs: victoriaLogsPorts,
  clickHouse: clickHousePorts,
  openSearch: openSearchPorts,
  datadog: datadogPorts,
  cloudWatch: cloudWatchPorts,
  graphite: graphitePorts,
  grafana: grafanaPorts,
  cdEvents: cdEventsPorts,
  jenkins: jenkinsPorts,
};
