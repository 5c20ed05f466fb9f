// Addresses and names of jobs and builds in Jenkins' JSON API.
import { decodeSegment } from '../servers/httpServer.ts';
import type { Build, JenkinsJob } from './builds.ts';

export type View = Readonly<Record<string, unknown>>;

export function jobUrl(root: string, job: JenkinsJob): string {
  return itemUrl(root, job.name);
}

/** An encoded branch name (`feature%2Fx`) is encoded once more: `feature%252Fx`. */
export function itemUrl(root: string, name: string): string {
  return `${root}${name
    .split('/')
    .map(part => `/job/${encodeURIComponent(part)}`)
    .join('')}/`;
}

export function buildUrl(root: string, build: Build): string {
  return `${jobUrl(root, build.job)}${build.number}/`;
}

export function readableName(name: string): string {
  return name
    .split('/')
    .map(part => decodeSegment(part) ?? part)
    .join(' » ');
}
