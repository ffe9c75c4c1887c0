import { writeFileSync } from 'node:fs';
import { experimental_readRawConfig, type Unstable_RawConfig as RawConfig } from 'wrangler';
import { configOf, type Environment } from './config.ts';

export const readWranglerToml = (): RawConfig => experimental_readRawConfig({ config: 'wrangler.toml' }).rawConfig;

/** Returns where the configuration of an environment is: beside wrangler.toml, because paths in it are relative to its folder. */
export const configFileOf = ({ worker }: Environment): string => `wrangler.${worker}.json`;

/** Writes the configuration of an environment, and returns its file. */
export function writeConfig(raw: RawConfig, environment: Environment): string {
  const file = configFileOf(environment);
  writeFileSync(file, `${JSON.stringify(configOf(raw, environment), null, 2)}\n`);
  return file;
}
