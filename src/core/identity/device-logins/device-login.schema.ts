import * as z from 'zod';
import { CreatePersonalTokenInput } from '../personal-tokens/personal-token.schema';

/** Letters of codes that users type: no vowels, so no words, and none that look like another. */
export const CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
export const CODE_LENGTH = 8;
/** Seconds until a request expires. */
export const LIFETIME_SECONDS = 600;
/** Seconds between two questions of a program. */
export const INTERVAL_SECONDS = 3;

/** The token that a program asks for. */
export const DeviceLoginInput = CreatePersonalTokenInput;

/** As a user types a code: in any case, with or without the hyphen. */
const UserCode = z
  .string()
  .max(20)
  .transform((code) => code.toUpperCase().replace(/[^A-Z]/g, ''))
  .meta({ description: 'As the program shows it, such as `BCDF-GHJK`' });

export const DeviceCodeParams = z.strictObject({ code: UserCode });
export const DeviceTokenInput = z.strictObject({ deviceCode: z.string().min(1).max(200) });
export const DeviceAnswerInput = z.strictObject({
  approve: z.boolean().meta({ description: 'true: the program gets a token that acts for you; false: it gets none' }),
});

export const StartedDeviceLogin = z.object({
  deviceCode: z.string().meta({ description: 'Secret of the program, for its questions' }),
  userCode: z.string().meta({ description: 'Code that the user compares and approves' }),
  verificationUrl: z.string().meta({ description: 'Page of the console, with the code' }),
  expiresInSeconds: z.int(),
  intervalSeconds: z.int().meta({ description: 'Time between two questions' }),
});
export type StartedDeviceLogin = z.output<typeof StartedDeviceLogin>;

export const DeviceLogin = z.object({
  userCode: z.string(),
  name: z.string().meta({ description: 'As the program calls itself, unchecked' }),
  scopes: z.array(z.string()),
  days: z.int(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type DeviceLogin = z.output<typeof DeviceLogin>;
