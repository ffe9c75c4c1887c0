import { getMasterState } from '../edit/get-master-state';
import { newObjectId } from '../document/object-id.rules';
import { issueBasicTokens, issueDemoToken } from '../session/basic-tokens';
import { json } from './answers';
import type { PlynxRequest, PlynxRoute } from './route';
import { ANSWERED, failed, toDate } from './forms';

const token = async ({ ctx }: PlynxRequest) => {
  const { accessToken, refreshToken } = await issueBasicTokens(ctx);
  return json({ status: ANSWERED, message: '', access_token: accessToken, refresh_token: refreshToken });
};

const demo = async ({ ctx }: PlynxRequest) => {
  const made = await issueDemoToken(ctx);
  if (made === null) return json(failed('Failed to create demo user'));
  return json({ access_token: made.accessToken, refresh_token: 'Not assigned', username: made.name });
};

// PLynx has workers that poll. Here a node that runs is a worker of its own, and goes when it ends.
const masterState = async ({ ctx }: PlynxRequest) => {
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
  { path: '/token', methods: { GET: token } },
  { path: '/token/', methods: { GET: token } },
  { path: '/demo', open: true, methods: { POST: demo } },
  { path: '/master_state', methods: { GET: masterState } },
];
