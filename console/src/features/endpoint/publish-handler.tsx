import { call } from '../../api/call';
import { urlOf } from '../handler/start.rules';
import { PublishForm } from './publish-form';

/** Publishes a handler that is there: its URL, and who may call it. */
export const PublishHandler = ({ path }: { path: string }) => (
  <PublishForm
    path={urlOf(path)}
    publish={async (asked, idempotencyKey) => ({
      endpoint: await call('POST /admin/endpoints', { body: { ...asked, handler: { path } }, idempotencyKey }),
    })}
  >
    <p>
      It calls <code>{path}</code>, in the version that is served.
    </p>
  </PublishForm>
);
