import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call';
import { Problem } from '../../api/problem';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { Dialog } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { slugOf } from './slug.rules';
import type { EditedGraph } from './graph.queries';
import styles from './graph.module.css';

type Level = 'public' | 'authenticated' | 'key';
const LEVELS: { value: Level; label: string; hint: string }[] = [
  { value: 'key', label: 'Callers with a key', hint: 'Add keys on the page of the endpoint' },
  { value: 'authenticated', label: 'Signed-in users and tokens', hint: 'Roles can narrow it down later' },
  { value: 'public', label: 'Anybody', hint: 'Without a credential' },
];

/** Saves the graph as a version of a handler, and serves it at a URL. A repeat saves the next version. */
export default function PublishGraph({
  graph,
  title,
  onClose,
}: {
  graph: EditedGraph;
  title: string;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const slug = slugOf(title);
  const form = useForm<{ path: string; handler: string; answer: 'wait' | 'run'; level: Level }>({
    path: slug,
    handler: `graphs/${slug}.graph.json`,
    answer: 'wait',
    level: 'key',
  });
  const { values, set, errorAt } = form;
  const publish = async (): Promise<void> => {
    await form.send(async ({ path, handler, answer, level }) => {
      const source = JSON.stringify({ graph: graph.id, answer }, null, 2);
      const version = await saveVersion(handler, source);
      const id = await serve(path, handler, level);
      await client.invalidateQueries({ queryKey: ['endpoints'] });
      await navigate({ to: '/endpoints/$id', params: { id } });
      toastDone(`/u/${path} serves version ${version} of ${handler}`);
    });
  };
  useActions([{ id: 'publish', label: 'Publish', keys: 'Mod+Enter', run: () => void publish() }]);
  return (
    <Dialog
      title="Publish as an endpoint"
      width="wide"
      isOpen
      onClose={onClose}
      actions={
        <Button tone="primary" isPending={form.isPending} onPress={() => void publish()}>
          Publish
        </Button>
      }
    >
      <div className={styles.form}>
        <p>Each call makes a run of its own. The version keeps the graph as it is now: publish again after a change.</p>
        <TextField
          label="Path"
          before="/u/"
          isCode
          value={values.path}
          onChange={(path) => set('path', path)}
          error={errorAt('/path')}
        />
        <TextField
          label="Handler"
          isCode
          hint="If there is one at this path, it gets a new version"
          value={values.handler}
          onChange={(handler) => set('handler', handler)}
        />
        <RadioField
          label="Who may call"
          options={LEVELS}
          value={values.level}
          onChange={(level) => set('level', level)}
          error={errorAt('/access')}
        />
        <RadioField
          label="What a call gets"
          options={[
            { value: 'wait', label: 'Its outputs', hint: 'The response waits for the run' },
            { value: 'run', label: 'The address of its run', hint: '202 at once' },
          ]}
          value={values.answer}
          onChange={(answer) => set('answer', answer)}
        />
        {form.problem && <Notice tone="bad">{form.problem.message}</Notice>}
      </div>
    </Dialog>
  );
}

/** Saves a source as a new handler, or as the next version of the one at its path. Returns the version. */
async function saveVersion(path: string, source: string): Promise<number> {
  const { items } = await call('GET /admin/handlers', { query: { path } });
  const [known] = items;
  if (known === undefined) {
    await call('POST /admin/handlers', { body: { path, source } });
    return 1;
  }
  const saved = await call('POST /admin/handlers/:id/versions', { params: { id: known.id }, body: { source } });
  return saved.version;
}

/** Makes an endpoint for the handler. One that is there already and serves it stays as it is. Returns its id. */
async function serve(path: string, handler: string, level: Level): Promise<string> {
  try {
    const body = { path, handler: { path: handler }, access: { level }, methods: ['GET' as const, 'POST' as const] };
    return (await call('POST /admin/endpoints', { body })).id;
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'path_taken')) throw error;
    const { items } = await call('GET /admin/endpoints', { query: { handler } });
    const same = items.find((endpoint) => endpoint.path === path);
    if (same === undefined) throw error;
    return same.id;
  }
}
