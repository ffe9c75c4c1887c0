import { call } from './call';

/*
 * Signing in with an identity provider: the browser leaves for its page, and returns at /console/signed-in with a code. What binds the two is
 * kept by this tab alone.
 */

const KEPT = 'portico-authorization';
const RETURN_PATH = '/console/signed-in';

interface Kept {
  provider: string;
  flow: string;
  /** Address below /console/ to which the user wanted to go. */
  back: string;
}

/** Proof with which a browser signs in after it has returned. */
export interface Authorized {
  provider: string;
  flow: string;
  code: string;
  state: string;
  iss?: string;
}

/** Leaves for the page of a provider. Rejects with the refusal. */
export async function leaveForProvider(provider: string): Promise<void> {
  const { url, flow } = await call('POST /admin/session/authorization', { body: { provider }, isSilent: true });
  const kept: Kept = { provider, flow, back: location.pathname + location.search };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
  location.assign(url);
}

/** Answer of a provider to this tab; a text: the reason why it did not sign the user in. */
export type Arrival = Authorized | string | null;

/** Takes what a provider has sent from the address, which becomes the one that the user wanted. null at any other address. */
export function takeArrival(): Arrival {
  if (location.pathname !== RETURN_PATH) return null;
  const query = new URLSearchParams(location.search);
  const kept = takeKept();
  history.replaceState(history.state, '', kept?.back ?? '/console/');
  const [code, state, iss] = [query.get('code'), query.get('state'), query.get('iss')];
  if (kept === null) return 'This sign-in did not begin in this tab. Begin again.';
  if (code === null || state === null) return 'The provider did not sign you in. Begin again, or ask an admin.';
  return { provider: kept.provider, flow: kept.flow, code, state, ...(iss === null ? {} : { iss }) };
}

function takeKept(): Kept | null {
  const text = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (text === null) return null;
  const kept = JSON.parse(text) as Kept;
  return kept.back.startsWith('/console/') ? kept : { ...kept, back: '/console/' };
}
