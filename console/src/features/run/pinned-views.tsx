import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Pin } from 'lucide-react';
import { useState } from 'react';
import { call, type Answer } from '../../api/call';
import { Problem } from '../../api/problem';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { Menu } from '../../kit/menu';
import { toastDone, toastFailed } from '../../kit/toast';
import { fromFilter, proposeName, toFilter } from './run-search.rules';
import { runQueries } from './run.queries';
import styles from './run.module.css';

const route = getRouteApi('/runs');

type View = Answer<'GET /admin/run-views'>['items'][number];
type Change = (views: readonly View[]) => View[];

/** Writes the views of the account, on top of those that another tab or device has written. */
function useChangeViews(): (change: Change) => Promise<void> {
  const client = useQueryClient();
  return async (change) => {
    const write = async (): Promise<void> => {
      const { items, revision } = await client.fetchQuery(runQueries.views);
      const saved = await call('PUT /admin/run-views', { body: { items: change(items), follows: revision } });
      client.setQueryData(runQueries.views.queryKey, saved);
    };
    try {
      await write();
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'stale_revision')) throw error;
      await client.invalidateQueries({ queryKey: runQueries.views.queryKey });
      await write();
    }
  };
}

/** Filters that the account has pinned, each a link; and what can be done with those of the address. */
export default function PinnedViews() {
  const { live: _live, cursor: _cursor, ...filter } = route.useSearch();
  const { data } = useQuery(runQueries.views);
  const query = fromFilter(filter);
  const views = data?.items ?? [];
  const current = views.find((view) => fromFilter(toFilter(view.query)) === query);
  if (data === undefined || (views.length === 0 && query === '')) return null;
  return (
    <nav className={styles.line} aria-label="Pinned views">
      {views.map((view) => (
        <Link
          key={view.name}
          to="/runs"
          search={toFilter(view.query)}
          className={styles.view}
          aria-current={view === current ? 'page' : undefined}
        >
          {view.name}
        </Link>
      ))}
      {current !== undefined ? (
        <Actions key={current.name} view={current} place={views.indexOf(current)} />
      ) : (
        query !== '' && <PinView query={query} proposed={proposeName(filter)} />
      )}
    </nav>
  );
}

function PinView({ query, proposed }: { query: string; proposed: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button tone="quiet" icon={<Pin />} onPress={() => setOpen(true)}>
        Pin these filters…
      </Button>
      {isOpen && (
        <NameView
          title="Pin these filters"
          verb="Pin"
          name={proposed}
          done={(name) => `Pinned ${name}.`}
          change={(name) => (views) => [...views, { name, query }]}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

function Actions({ view, place }: { view: View; place: number }) {
  const [isNamed, setNamed] = useState(false);
  const changeViews = useChangeViews();
  const { mutate: unpin } = useMutation({
    mutationFn: () => changeViews((views) => views.filter(({ name }) => name !== view.name)),
    onError: toastFailed,
    onSuccess: () =>
      toastDone(
        `Unpinned ${view.name}.`,
        () => void changeViews((views) => views.toSpliced(place, 0, view)).catch(toastFailed),
      ),
  });
  return (
    <>
      <Menu
        label={`Actions on ${view.name}`}
        actions={[
          { id: 'rename', label: 'Rename…', onAction: () => setNamed(true) },
          { id: 'unpin', label: 'Unpin', onAction: unpin },
        ]}
      />
      {isNamed && (
        <NameView
          title={`Rename ${view.name}`}
          verb="Rename"
          name={view.name}
          done={(name) => `Renamed ${view.name} to ${name}.`}
          change={(name) => (views) => views.map((each) => (each.name === view.name ? { ...each, name } : each))}
          onClose={() => setNamed(false)}
        />
      )}
    </>
  );
}

interface NameViewProps {
  title: string;
  verb: string;
  name: string;
  done: (name: string) => string;
  change: (name: string) => Change;
  onClose: () => void;
}

function NameView({ title, verb, name, done, change, onClose }: NameViewProps) {
  const form = useForm({ name });
  const changeViews = useChangeViews();
  const save = async (): Promise<void> => {
    const chosen = form.values.name.trim();
    if (!(await form.send(() => changeViews(change(chosen))))) return;
    toastDone(done(chosen));
    onClose();
  };
  return (
    <FormDialog
      title={title}
      verb={verb}
      form={form}
      isReady={form.values.name.trim() !== ''}
      onSend={() => void save()}
      onClose={onClose}
    >
      <TextField label="Name" autoFocus {...form.field('name', '/items')} />
    </FormDialog>
  );
}
