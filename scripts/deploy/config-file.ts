import { writeFileSync } from 'node:fs';
import { experimental_readRawConfig, type Unstable_RawConfig as RawConfig } from 'wrangler';
import type { Environment } from './config.ts';

export const readWranglerToml = (): RawConfig => experimental_readRawConfig({ config: 'wrangler.toml' }).rawConfig;

/** Returns where the configuration of an environment is: beside wrangler.toml, because paths in it are relative to its folder. */
export const configFileOf = ({ worker }: Environment): string => `wrangler.${worker}.json`;

/** Writes a configuration for wrangler, and returns its file. */
export function writeConfig(environment: Environment, config: RawConfig): string {
  const file = configFileOf(environment);
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  return file;
}
