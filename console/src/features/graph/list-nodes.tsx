import { Link } from '@tanstack/react-router';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { Badge } from '../../kit/badge';
import { printable } from '../../kit/json-tree.rules';
import { Table, type Column } from '../../kit/table';
import type { NodeLook } from './canvas-node';
import { inOrder, nameOfEnd, type GraphDocument, type Level } from './graph-document.rules';
import { KINDS } from './graph-status.rules';
import styles from './graph.module.css';

interface ListNodesProps {
  doc: GraphDocument;
  dataOf: (node: Node) => NodeLook;
}

/** The same graph as rows, in the order in which its nodes can run. */
export function ListNodes({ doc, dataOf }: ListNodesProps) {
  const columns: readonly Column<Level>[] = [
    {
      id: 'title',
      header: 'Node',
      cell: ({ node }) => (
        <Link
          from="/graphs/$id"
          to="."
          search={(now) => ({ ...now, node: node._id })}
          data-row=""
          activeOptions={{ includeSearch: true }}
          className={styles.row}
        >
          {printable(node.title) || 'untitled'}
        </Link>
      ),
    },
    {
      id: 'state',
      header: 'State',
      cell: ({ node }) => {
        const { word, tone, issues } = dataOf(node);
        return (
          <span className={styles.line}>
            <Badge tone={tone}>{word}</Badge>
            {issues > 0 && <Badge tone="bad">{issues === 1 ? '1 issue' : `${issues} issues`}</Badge>}
          </span>
        );
      },
    },
    {
      id: 'kind',
      header: 'Kind',
      shown: 'medium',
      cell: ({ node }) => KINDS[node.base_node_name] ?? node.base_node_name,
    },
    {
      id: 'level',
      header: 'Step',
      shown: 'wide',
      align: 'end',
      cell: ({ level }) => (level < 0 ? 'on a cycle' : level + 1),
    },
    {
      id: 'takes',
      header: 'Takes',
      shown: 'medium',
      cell: ({ node }) =>
        node.inputs
          .flatMap(({ name, values }) =>
            values.map((link) => `${name} ← ${nameOfEnd(doc, { nodeId: link.node_id, name: link.output_id })}`),
          )
          .map(printable)
          .join(', '),
    },
  ];
  return <Table label="Nodes of the graph" rows={inOrder(doc)} columns={columns} keyOf={({ node }) => node._id} />;
}
