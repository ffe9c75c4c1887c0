import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { newObjectId } from '../../../../src/plynx/document/object-id.rules';
import { insertNode } from '../../../../src/plynx/edit/edit-graph.rules';
import { useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { printable } from '../../kit/json-tree.rules';
import { More } from '../../kit/more';
import { Loaded } from '../../kit/state';
import { toastFailed } from '../../kit/toast';
import { change, freePlace, type GraphDocument } from './graph-document.rules';
import { operationQueries, type OperationSummary } from './graph.queries';
import { KINDS, OPERATION_STATUSES } from './graph-status.rules';
import { UploadFile } from './upload-file';
import styles from './graph.module.css';

interface AddNodeProps {
  kind: 'operation' | 'file';
  doc: GraphDocument;
  /** The selected node: the new one comes beside it. */
  beside: string | undefined;
  onClose: () => void;
  onAdd: (doc: GraphDocument, nodeId: string) => void;
}

/** The palette: approved operations or files, searched by the words of their title and description. */
export default function AddNode({ kind, doc, beside, onClose, onAdd }: AddNodeProps) {
  const [q, setQ] = useState('');
  const client = useQueryClient();
  const { whyNot } = useRights();
  const query = useInfiniteQuery(
    operationQueries.list({
      q: q.trim() || undefined,
      kind: kind === 'file' ? 'file' : 'bash_jinja2,python,javascript',
      status: 'READY,DEPRECATED',
    }),
  );
  const place = (stored: Node): void => {
    const id = newObjectId();
    const next = change(doc, (graph) => insertNode(graph, stored, { id, ...freePlace(doc, beside) }));
    if (typeof next !== 'string') onAdd(next, id);
  };
  const add = useMutation({
    mutationFn: (id: string) => client.ensureQueryData(operationQueries.one(id)),
    onSuccess: ({ document }) => place(document),
    onError: toastFailed,
  });
  return (
    <Dialog title={kind === 'file' ? 'Add a file' : 'Add an operation'} width="wide" isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = query.data?.pages[0]?.items ?? [];
          if (first) add.mutate(first.id);
        }}
      >
        <TextField
          label="Words of its title or description"
          type="search"
          hint="Enter adds the first"
          autoFocus
          value={q}
          onChange={setQ}
        />
      </form>
      <Loaded query={query} what={kind === 'file' ? 'files' : 'operations'}>
        {({ pages }) => {
          const found = pages.flatMap(({ items }) => items);
          return (
            <>
              {found.length === 0 && <Nothing kind={kind} isSearched={q.trim() !== ''} />}
              <ul className={styles.choices}>
                {found.map((one) => (
                  <li key={one.id}>
                    <Button onPress={() => add.mutate(one.id)} isDisabled={add.isPending}>
                      <Choice operation={one} />
                    </Button>
                  </li>
                ))}
              </ul>
              {found.length > 0 && (
                <More
                  count={found.length}
                  what={`${kind}${found.length === 1 ? '' : 's'}`}
                  hasMore={query.hasNextPage}
                  isPending={query.isFetchingNextPage}
                  onMore={() => void query.fetchNextPage()}
                />
              )}
            </>
          );
        }}
      </Loaded>
      {kind === 'file' && <UploadFile reason={whyNot('file.write')} onUploaded={place} />}
    </Dialog>
  );
}

const Choice = ({
  operation: { title, description, kind, status, inputs, outputs },
}: {
  operation: OperationSummary;
}) => (
  <span>
    <strong>{printable(title) || 'untitled'}</strong> <Badge>{KINDS[kind] ?? kind}</Badge>{' '}
    {status === 'DEPRECATED' && <Badge tone="warn">{OPERATION_STATUSES[status].word}</Badge>}{' '}
    <span className={styles.quiet}>
      {printable(description).slice(0, 200)} {inputs.map(({ name }) => printable(name)).join(', ')}
      {inputs.length + outputs.length > 0 && ' → '}
      {outputs.map(({ name }) => printable(name)).join(', ')}
    </span>
  </span>
);

const Nothing = ({ kind, isSearched }: { kind: 'operation' | 'file'; isSearched: boolean }) => (
  <p>
    {isSearched
      ? `No ${kind} has these words.`
      : kind === 'file'
        ? 'No file is stored yet.'
        : 'No operation is approved yet.'}{' '}
    {kind === 'operation' && (
      <Link to="/operations/$id" params={{ id: 'new' }}>
        Write an operation
      </Link>
    )}
  </p>
);
