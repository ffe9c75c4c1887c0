import { existsSync } from 'node:fs';

/** The headless shell comes first: the same engine without the windows of a browser, at two thirds of the work. */
const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Returns the Chromium of this machine, or null. `CHROMIUM` names another one. */
export const findChromium = (): string | null =>
  PLACES.find((place): place is string => place !== undefined && existsSync(place)) ?? null;

/** Milliseconds for Chromium to start: on a busy machine it took 30 s. */
export const LAUNCH_MS = 120_000;

export const LAUNCH_ARGS = [
  // The sandbox of Chromium needs rights that root in a container does not have.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  // A software renderer of a graphics card costs more than everything else.
  '--disable-gpu',
  '--disable-software-rasterizer',
  // As in workerd: pages of tests live for too short a time to earn back what optimizing their scripts costs.
  '--js-flags=--no-opt --no-maglev',
];
