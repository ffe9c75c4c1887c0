import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, Failure } from '../failure.ts';
import { openService, Refused, type Service } from './client.ts';
import type { PersonalToken } from './protocol.ts';
import { wantedToken } from './sign-in.ts';

interface Started {
  deviceCode: string;
  userCode: string;
  verificationUrl: string;
  expiresInSeconds: number;
  intervalSeconds: number;
}

/**
 * Asks a service for a token, and waits until a user approves it in the console (RFC 8628). `show` gets the code and the page. Throws a Failure
 * for a refusal, and for none in time.
 */
export async function signInByDevice(
  origin: string,
  show: (code: string, page: string) => void,
  wait: (ms: number) => Promise<unknown> = sleep,
): Promise<PersonalToken> {
  const service = openService(origin, null);
  const started = await service.json<Started>('POST', '/admin/device-logins', wantedToken());
  // The page is one of the origin that was asked, whatever the service answers.
  const page = new URL(started.verificationUrl, origin);
  show(started.userCode, `${origin}${page.pathname}${page.search}`);
  let pause = started.intervalSeconds;
  for (let waited = 0; waited < started.expiresInSeconds; waited += pause) {
    await wait(pause * 1000);
    const answer = await ask(service, started.deviceCode);
    if (typeof answer !== 'string') return answer;
    if (answer === 'slow_down') pause += started.intervalSeconds;
  }
  throw new Failure('the code was not approved in time', EXIT.denied);
}

async function ask(
  service: Service,
  deviceCode: string,
): Promise<PersonalToken | 'authorization_pending' | 'slow_down'> {
  try {
    return await service.json<PersonalToken>('POST', '/admin/device-logins/token', { deviceCode });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.code === 'authorization_pending' || error.code === 'slow_down') return error.code;
    if (error.code === 'access_denied') throw new Failure('the user refused the request', EXIT.denied);
    throw error;
  }
}
