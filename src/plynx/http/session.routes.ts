import { getMasterState } from '../edit/get-master-state';
import { newObjectId } from '../document/object-id.rules';
import { issueBasicTokens, issueDemoToken } from '../session/basic-tokens';
import { json } from './answers';
import type { PlynxRoute } from './wire';
import { ANSWERED, failed, toDate } from './forms';

const getToken: PlynxRoute['run'] = async (ctx) => {
  const { accessToken, refreshToken } = await issueBasicTokens(ctx);
  return json({ status: ANSWERED, message: '', access_token: accessToken, refresh_token: refreshToken });
};

const createDemo: PlynxRoute['run'] = async (ctx) => {
  const made = await issueDemoToken(ctx);
  if (made === null) return json(failed('Failed to create demo user'));
  return json({ access_token: made.accessToken, refresh_token: 'Not assigned', username: made.name });
};

// PLynx has workers that poll. Here each running node counts as a worker until it ends.
const showMasterState: PlynxRoute['run'] = async (ctx) => {
  const { at, busy } = await getMasterState(ctx);
  const workers = busy.map(({ graphId, node, finished }, index) => ({
    _id: newObjectId(at),
    worker_id: `w${index}`,
    graph_id: graphId,
    node,
    host: 'portico',
    num_finished_jobs: finished,
  }));
  const dates = { insertion_date: toDate(new Date(at)), update_date: toDate(new Date(at)) };
  return json({ status: ANSWERED, master_state: { _id: newObjectId(at), ...dates, workers } });
};

export const plynxSessionRoutes: PlynxRoute[] = [
  { id: 'getToken', method: 'get', path: '/token', policy: 'session.own', run: getToken },
  { id: 'getTokenAtSlash', method: 'get', path: '/token/', policy: 'session.own', run: getToken },
  { id: 'createDemoUser', method: 'post', path: '/demo', policy: 'public', run: createDemo },
  {
    id: 'getMasterState',
    method: 'get',
    path: '/master_state',
    policy: getMasterState.permission,
    run: showMasterState,
  },
];
