import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Switch } from '../../kit/choice-field';
import { toastDone, toastFailed } from '../../kit/toast';
import { endpointQueries, type Endpoint } from './endpoint.queries';

/** Switches an endpoint on or off at once; the toast takes it back. */
export function useSwitchEndpoint() {
  const client = useQueryClient();
  const { mutate, isPending, variables } = useMutation({
    mutationFn: ({ endpoint, active }: { endpoint: Pick<Endpoint, 'id' | 'path'>; active: boolean; isUndo?: true }) =>
      call('PATCH /admin/endpoints/:id', { params: { id: endpoint.id }, body: { active } }),
    onError: toastFailed,
    onSuccess: (_saved, { endpoint, active, isUndo }) => {
      const text = `/u/${endpoint.path} is ${active ? 'on' : 'off'}.`;
      toastDone(text, isUndo ? undefined : () => mutate({ endpoint, active: !active, isUndo: true }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: endpointQueries.all }),
  });
  return { mutate, isPending, variables };
}

/** The switch of one endpoint. It moves at once, and back when the service refuses. */
export function EndpointSwitch({ endpoint }: { endpoint: Endpoint }) {
  const { may } = useRights();
  const { mutate, isPending, variables } = useSwitchEndpoint();
  return (
    <Switch
      label={`/u/${endpoint.path} is on`}
      isSelected={isPending ? variables!.active : endpoint.active}
      isDisabled={!may('endpoint.operate')}
      onChange={(active) => mutate({ endpoint, active })}
    />
  );
}
