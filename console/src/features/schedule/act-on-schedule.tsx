import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { toastDone, toastFailed } from '../../kit/toast';
import { endpointQueries } from '../endpoint/endpoint.queries';
import { runQueries } from '../run/run.queries';
import type { ScheduleState } from './schedule.queries';
import styles from './schedule.module.css';

interface ActOnScheduleProps {
  endpointId: string;
  schedule: Pick<ScheduleState, 'name' | 'paused'>;
}

/** Runs a schedule now, pauses it, or lets it go on. */
export function ActOnSchedule({ endpointId, schedule: { name, paused } }: ActOnScheduleProps) {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const navigate = useNavigate();
  const run = useMutation({
    mutationFn: () => call('POST /admin/endpoints/:id/schedules/:name/run', { params: { id: endpointId, name } }),
    onError: toastFailed,
    onSuccess: async ({ runId }) => {
      await client.invalidateQueries({ queryKey: runQueries.all });
      await client.invalidateQueries({ queryKey: endpointQueries.all });
      await navigate({ to: '/runs/$id', params: { id: runId } });
    },
  });
  const pause = useMutation({
    mutationFn: (isPaused: boolean) => setPaused(endpointId, name, isPaused),
    onError: toastFailed,
    onSuccess: (_saved, isPaused) =>
      toastDone(isPaused ? `Paused ${name}.` : `${name} goes on.`, () => pause.mutate(!isPaused)),
    onSettled: () => client.invalidateQueries({ queryKey: endpointQueries.all }),
  });
  return (
    <div className={styles.acts}>
      <Button
        aria-label={`Run now: ${name}`}
        icon={<Play />}
        reason={whyNot('endpoint.test')}
        isPending={run.isPending}
        onPress={() => run.mutate()}
      >
        Run now
      </Button>
      <Button
        aria-label={`${paused ? 'Go on' : 'Pause'}: ${name}`}
        icon={paused ? <Play /> : <Pause />}
        reason={whyNot('endpoint.write')}
        isPending={pause.isPending}
        onPress={() => pause.mutate(!paused)}
      >
        {paused ? 'Go on' : 'Pause'}
      </Button>
    </div>
  );
}

/** Changes one schedule of an endpoint, on top of the endpoint as it is now. */
async function setPaused(id: string, name: string, paused: boolean): Promise<void> {
  const { schedules, revision } = await call('GET /admin/endpoints/:id', { params: { id } });
  await call('PATCH /admin/endpoints/:id', {
    params: { id },
    body: { schedules: schedules.map((one) => (one.name === name ? { ...one, paused } : one)) },
    ifMatch: revision,
  });
}
