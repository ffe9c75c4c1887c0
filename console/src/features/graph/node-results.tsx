import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { printable } from '../../kit/json-tree.rules';
import { Facts } from '../../kit/page';
import { durationText } from '../../kit/time.rules';
import { FilePreviewPane } from './preview-file';
import { RUNNING_STATUSES } from './graph-status.rules';
import { operationQueries, type EditedGraph } from './graph.queries';
import styles from './graph.module.css';

type NodeState = EditedGraph['state']['nodes'][number];

interface File {
  id: string;
  name: string;
  type: string;
  isLog: boolean;
}

/** The files of a node: outputs with a result, then logs. */
function filesOf({ outputs, logs }: Node, state: NodeState | undefined): File[] {
  const file =
    (isLog: boolean) =>
    ({ name, file_type, resource_id }: Node['outputs'][number]) => {
      const id = (isLog ? state?.logs[name] : state?.outputs[name]) ?? resource_id;
      return id === null || id === '' ? [] : [{ id, name, type: isLog ? 'file' : file_type, isLog }];
    };
  return [...outputs.flatMap(file(false)), ...logs.flatMap(file(true))];
}

/** Results of the run of a node: its state, its outputs and logs with a preview; logs of a running node grow. */
export function NodeResults({ node, state }: { node: Node; state: NodeState | undefined }) {
  const files = filesOf(node, state);
  const [openId, setOpen] = useState<string | null>(null);
  const open = files.find(({ id }) => id === openId) ?? (state?.status === 'FAILED' ? files.find(isError) : undefined);
  const status = state?.status ?? node.node_running_status;
  if (files.length === 0 && state === undefined) return null;
  const { word, tone } = RUNNING_STATUSES[status];
  return (
    <div className={styles.results}>
      {state && (
        <Facts
          facts={[
            [
              'State',
              <Badge key="state" tone={tone}>
                {word}
              </Badge>,
            ],
            [
              'Duration',
              state.endedAt === null ? 'runs' : durationText(Date.parse(state.endedAt) - Date.parse(state.startedAt)),
            ],
            ...(state.origin === '' ? [] : [['Result of', <Origin key="origin" address={state.origin} />] as const]),
          ]}
        />
      )}
      <div className={styles.line}>
        {files.map((file) => (
          <FileButton key={file.id} file={file} isOpen={file.id === open?.id} onPress={() => setOpen(file.id)} />
        ))}
      </div>
      {open && (
        <FilePreviewPane
          id={open.id}
          type={open.type}
          name={open.name}
          isGrowing={open.isLog && status === 'RUNNING'}
        />
      )}
    </div>
  );
}

const isError = ({ name }: File): boolean => name === 'stderr' || name === 'worker';

/** A link to the run whose result was reused, by the address that PLynx's clients have: `…/graphs/<id>?nid=<node>`. */
function Origin({ address }: { address: string }) {
  const [, id, node] = /\/graphs\/([0-9a-f]{24})(?:\?nid=([0-9a-f]{24}))?/.exec(address) ?? [];
  if (id === undefined) return <>{printable(address)}</>;
  return <a href={`/console/graphs/${id}${node === undefined ? '' : `?node=${node}`}`}>an earlier run</a>;
}

function FileButton({ file, isOpen, onPress }: { file: File; isOpen: boolean; onPress: () => void }) {
  const { data } = useQuery({ ...operationQueries.preview(file.id, file.type), enabled: isOpen });
  return (
    <Button tone={isOpen ? 'plain' : 'quiet'} aria-pressed={isOpen} onPress={onPress}>
      {file.isLog ? `log ${printable(file.name)}` : printable(file.name)}
      {data && ` · ${data.bytes.toLocaleString('en')} ${data.bytes === 1 ? 'byte' : 'bytes'}`}
    </Button>
  );
}
