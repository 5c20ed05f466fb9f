// Talks to Grafana: annotations only. Its data sources are asked themselves.
import type { VendorPorts } from '../vendor.ts';
import { createGrafanaMarkers } from './markers.ts';

export const grafanaPorts: VendorPorts = { markers: createGrafanaMarkers };
