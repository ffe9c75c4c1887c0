/**
 * The Python package index, asked through pip: it knows the operator's settings (a mirror, a proxy, certificates, credentials), and which
 * wheels fit. Only `npm run python:…` needs it, and a build whose wheels are not in the cache.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LockedWheel } from './lock.ts';
import { WHEEL_PLATFORM as PLATFORM } from '../../src/core/code/wheel-name.rules.ts';

const TARGET = ['--platform', PLATFORM, '--python-version', '3.14', '--implementation', 'cp'];
const ABIS = ['cp314', 'abi3', 'none'].flatMap((abi) => ['--abi', abi]);
const COMMON = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--no-input', ...TARGET, ...ABIS];

/** A wheel of the index with its metadata. */
export interface IndexWheel {
  name: string;
  version: string;
  url: string;
  sha256: string;
  requires: string[];
}

interface Report {
  install: {
    download_info: { url: string; archive_info?: { hashes?: { sha256?: string } } };
    metadata: { name: string; version: string; requires_dist?: string[] };
  }[];
}

/** Finds the newest wheel that fits the runtime and the specifier; null when the index has none. */
export async function findWithPip(name: string, specifier: string): Promise<IndexWheel | null> {
  return inFolder(async (folder) => {
    const report = join(folder, 'report.json');
    const install = ['install', '--dry-run', '--ignore-installed', '--quiet', '--target', folder, '--report', report];
    const { code, stderr } = await runPip([...install, ...COMMON, `${name}${specifier}`]);
    if (code !== 0) {
      if (/No matching distribution found/.test(stderr) && !/Retrying|ConnectionError|SSLError/.test(stderr))
        return null;
      throw new Error(`pip cannot ask the index for ${name}: ${lastLine(stderr)}`);
    }
    const { install: found } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const { download_info: from, metadata } = found[0]!;
    const hash = from.archive_info?.hashes?.sha256;
    if (hash === undefined) throw new Error(`the index has no SHA-256 of ${from.url}`);
    const { name: written, version, requires_dist: requires = [] } = metadata;
    return { name: written, version, url: from.url, sha256: hash, requires };
  });
}

/** Downloads a locked wheel. pip compares its hash. */
export async function downloadWithPip({ name, url, sha256, file }: LockedWheel): Promise<Uint8Array> {
  return inFolder(async (folder) => {
    const { code, stderr } = await runPip([
      'download',
      '--dest',
      folder,
      ...COMMON,
      `${name} @ ${url}#sha256=${sha256}`,
    ]);
    if (code !== 0) throw new Error(`pip cannot download ${file}: ${lastLine(stderr)}`);
    return readFileSync(join(folder, readdirSync(folder)[0]!));
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-pip-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runPip(args: string[]): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const pip = spawn('python3', ['-m', 'pip', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    pip.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    pip.on('error', () =>
      reject(new Error('python3 is not on the PATH: the Python package index is asked through its pip')),
    );
    pip.on('close', (code) => {
      if (/No module named pip/.test(stderr)) reject(new Error('python3 has no pip: install it (Debian: python3-pip)'));
      else resolve({ code, stderr });
    });
  });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
