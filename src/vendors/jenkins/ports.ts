// Talks to Jenkins: builds as artifacts, and jobs as hooks.
import type { VendorPorts } from '../vendor.ts';
import { createJenkinsArtifacts } from './artifacts.ts';
import { createJobCheck } from './checkJob.ts';
import { runJenkinsHook } from './hook.ts';

export const jenkinsPorts: VendorPorts = {
  artifacts: createJenkinsArtifacts,
  hook: outside => (request, signal) => runJenkinsHook(outside, request, signal),
  checkJob: createJobCheck,
};
