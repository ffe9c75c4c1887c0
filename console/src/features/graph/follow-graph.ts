import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { follow } from '../../api/follow';
import { isRunning } from './graph-status.rules';
import { graphQueries, type EditedGraph } from './graph.queries';

type State = EditedGraph['state'];

/** Returns the state of a graph, followed while it runs. When its run has ended, the graph is read again with its results. */
export function useGraphState(graph: EditedGraph): { state: State; isLost: boolean; waitsFor: string | null } {
  const client = useQueryClient();
  const [held, setHeld] = useState<{ id: string; state: State } | null>(null);
  const [isLost, setLost] = useState(false);
  const [waitsFor, setWaitsFor] = useState<string | null>(null);
  const isOn = isRunning(graph.status);
  const { id } = graph;
  useEffect(() => {
    if (!isOn) return;
    const stop = follow<State>(`/admin/graphs/${id}/state`, 'state', {
      onOpen: () => {
        setLost(false);
        setWaitsFor(null);
      },
      onWait: setWaitsFor,
      onItems: (states) => {
        const state = states.at(-1)!;
        setHeld({ id, state });
        if (isRunning(state.status)) return;
        stop();
        void client.invalidateQueries({ queryKey: graphQueries.all });
      },
      onEnd: () => {
        setLost(true);
        setWaitsFor(null);
      },
    });
    return stop;
  }, [client, id, isOn]);
  return {
    state: isOn && held?.id === id ? held.state : graph.state,
    isLost: isOn && isLost,
    waitsFor: isOn ? waitsFor : null,
  };
}
