// Sends CDEvents.
import type { VendorPorts } from '../vendor.ts';
import { createCdEventsMarkers } from './markers.ts';

export const cdEventsPorts: VendorPorts = { markers: createCdEventsMarkers };
