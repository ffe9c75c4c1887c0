import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { newNode, type BaseNodeName } from '../../../../src/plynx/document/base-node.rules';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { rolesFor, useRights } from '../../api/session';
import { StateBadge } from '../../kit/badge';
import { RadioField } from '../../kit/choice-field';
import { CodeBlock } from '../../kit/code-block';
import { printable } from '../../kit/json-tree.rules';
import { Facts, Page, Section } from '../../kit/page';
import { Loaded, NoRight, Placeholder } from '../../kit/state';
import { Time } from '../../kit/time';
import { EditOperation } from './edit-operation';
import { OperationActions } from './operation-actions';
import { operationQueries } from './graph.queries';
import { KINDS, OPERATION_STATUSES } from './graph-status.rules';
import type { Answer } from '../../api/call';

const FilePreviewPane = lazy(async () => ({ default: (await import('./preview-file')).FilePreviewPane }));
const route = getRouteApi('/operations/$id');
type Operation = Answer<'GET /admin/operations/:id'>;

/** An operation or a stored file; `new` is one that is being written. */
export function ShowOperation() {
  const { id } = route.useParams();
  const { may } = useRights();
  const query = useQuery({ ...operationQueries.one(id), enabled: id !== 'new' && may('node.read') });
  if (id === 'new' && may('node.write')) return <NewOperation />;
  if (!may('node.read') || id === 'new')
    return (
      <Page title="Operation">
        <NoRight
          what={id === 'new' ? 'this form' : 'operations'}
          roles={rolesFor(id === 'new' ? 'node.write' : 'node.read')}
        />
      </Page>
    );
  const operation = query.data;
  if (operation?.status === 'CREATED' && operation.isOwn && may('node.write'))
    return (
      <EditOperation key={`${operation.id} ${operation.revision}`} document={operation.document} stored={operation} />
    );
  return (
    <Page
      title={operation ? printable(operation.title) || 'Untitled' : 'Operation'}
      beside={operation && <StateBadge state={OPERATION_STATUSES[operation.status]} />}
      actions={operation && <OperationActions operation={operation} />}
    >
      <Loaded query={query} what="the operation">
        {(data) => <ReadOperation operation={data} />}
      </Loaded>
    </Page>
  );
}

/** A new operation: its kind decides with what it begins. */
function NewOperation() {
  const [kind, setKind] = useState<Exclude<BaseNodeName, 'file'>>('bash_jinja2');
  return (
    <EditOperation key={kind} document={newNode(kind)} stored={null}>
      <RadioField
        label="Written in"
        hint="input and output are paths of files; an input that takes several files is a list"
        value={kind}
        options={[
          {
            value: 'bash_jinja2',
            label: 'Bash',
            hint: 'A template: {{ input.name }}, {{ output.name }} and {{ param.name }}',
          },
          { value: 'python', label: 'Python', hint: 'A script with input["name"], output["name"] and param["name"]' },
          {
            value: 'javascript',
            label: 'JavaScript',
            hint: 'A function that gets { input, output, param, readText, writeText }',
          },
        ]}
        onChange={setKind}
      />
    </EditOperation>
  );
}

function ReadOperation({ operation }: { operation: Operation }) {
  const { document, kind, author, createdAt, description } = operation;
  const file = kind === 'file' ? document.outputs[0] : undefined;
  return (
    <>
      <Section title="Operation">
        <Facts
          facts={[
            ['Description', printable(description)],
            ['Kind', KINDS[kind] ?? kind],
            ['Owner', author ?? 'deleted user'],
            ['Made', <Time key="made" at={createdAt} />],
            [
              'Inputs',
              document.inputs
                .map(({ name, file_types }) => `${printable(name)} (${file_types.join(', ')})`)
                .join(', ') || 'none',
            ],
            [
              'Outputs',
              document.outputs.map(({ name, file_type }) => `${printable(name)} (${file_type})`).join(', ') || 'none',
            ],
            ...parametersOf(document),
          ]}
        />
      </Section>
      {file?.resource_id != null && (
        <Section title="Contents">
          <Suspense fallback={<Placeholder what="the preview" />}>
            <FilePreviewPane id={file.resource_id} type={file.file_type} name={operation.title} />
          </Suspense>
        </Section>
      )}
      {kind !== 'file' && (
        <Section title="Command">
          <CodeBlock text={printable(commandOf(document))} what="text of the command" />
        </Section>
      )}
    </>
  );
}

const parametersOf = ({ parameters }: Pick<Node, 'parameters'>) =>
  parameters
    .filter(({ name }) => name !== 'cmd')
    .map(
      ({ name, value }) =>
        [printable(name), printable(typeof value === 'object' ? JSON.stringify(value) : String(value))] as const,
    );

function commandOf({ parameters }: Pick<Node, 'parameters'>): string {
  const value = parameters.find(({ name }) => name === 'cmd')?.value;
  return typeof value === 'object' && 'mode' in value ? value.value : '';
}
