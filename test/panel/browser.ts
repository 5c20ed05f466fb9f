// The browser of the panel's tests, and why it is missing if it is.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

export const browserMissing = !executablePath
  ? 'Chromium is not installed'
  : !existsSync(new URL('../../dist/panel.js', import.meta.url))
    ? 'dist/panel.js is not built'
    : false;

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath && { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
}
