import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Use } from '../../../../src/core/uses/use.schema';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { SelectField } from '../../kit/select-field';
import { Empty, Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { toastDone, toastFailed } from '../../kit/toast';
import { endpointQueries } from '../endpoint/endpoint.queries';
import { handlerQueries, type Handler } from './handler.queries';
import { NoEndpoint } from './test-panel';

const WAYS: Record<string, string> = {
  handler: 'serves it',
  middleware: 'attaches it as middleware',
  call: 'calls it in a step',
  default: 'serves a version',
  version: 'pins a version',
};

/** Users of a handler, and the version that each endpoint serves. */
export default function HandlerUses({ handler }: { handler: Handler }) {
  const query = useQuery(handlerQueries.uses(handler.id));
  const columns: readonly Column<Use>[] = [
    { id: 'name', header: 'Name', cell: (use) => <UseLink use={use} /> },
    { id: 'as', header: 'How', shown: 'medium', cell: ({ as }) => WAYS[as] ?? as },
    {
      id: 'version',
      header: 'Version',
      cell: (use) => (use.version === undefined ? '' : <PinVersion handler={handler} use={use} pinned={use.version} />),
    },
  ];
  return (
    <Loaded query={query} what="what uses it">
      {({ items, more }) => {
        if (items.length === 0)
          return (
            <>
              <Empty title="Nothing uses this handler">
                An endpoint, a middleware or a step of a workflow would be here.
              </Empty>
              <NoEndpoint handlerPath={handler.path} />
            </>
          );
        return (
          <>
            <Table label="Used by" rows={items} columns={columns} keyOf={({ noun, id, as }) => `${noun} ${id} ${as}`} />
            {more && <p>There are more than are shown here.</p>}
          </>
        );
      }}
    </Loaded>
  );
}

const UseLink = ({ use: { noun, id, name } }: { use: Use }) => {
  if (noun === 'endpoint')
    return (
      <Link to="/endpoints/$id" params={{ id }} data-row="">
        /u/{name}
      </Link>
    );
  if (noun === 'handler')
    return (
      <Link to="/handlers/$id" params={{ id }} data-row="">
        {name}
      </Link>
    );
  return (
    <>
      {noun} {name}
    </>
  );
};

/** Which version an endpoint serves: the default one, or one that deploys do not change. */
function PinVersion({ handler, use: { id, name }, pinned }: { handler: Handler; use: Use; pinned: number | null }) {
  const { may } = useRights();
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: ({ version }: { version: number | null; before?: number | null }) =>
      call('PATCH /admin/endpoints/:id', { params: { id }, body: { handler: { path: handler.path, version } } }),
    onError: toastFailed,
    onSuccess: (_saved, { version, before }) =>
      toastDone(
        `/u/${name} serves ${version === null ? 'the default version' : `v${version}`}.`,
        before === undefined ? undefined : () => mutate({ version: before }),
      ),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: endpointQueries.all }),
        client.invalidateQueries({ queryKey: handlerQueries.uses(handler.id).queryKey }),
      ]),
  });
  const versions = Array.from({ length: handler.latestVersion }, (_, index) => handler.latestVersion - index);
  return (
    <SelectField
      label={`Version of /u/${name}`}
      isLabelHidden
      isDisabled={isPending || !may('endpoint.write')}
      value={String(pinned ?? 'default')}
      options={[
        { value: 'default', label: 'The default version' },
        ...versions.slice(0, 200).map((version) => ({ value: String(version), label: `Pinned to v${version}` })),
      ]}
      onChange={(value) => mutate({ version: value === 'default' ? null : Number(value), before: pinned })}
    />
  );
}
