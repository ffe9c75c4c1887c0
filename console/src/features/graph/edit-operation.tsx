import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { call, type Answer } from '../../api/call';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { CodeBlock } from '../../kit/code-block';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { Page, Section } from '../../kit/page';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { EditPorts } from './edit-ports';
import { EditOwnParameters } from './edit-own-parameters';
import { operationQueries } from './graph.queries';
import { ParameterField } from './node-parameters';
import styles from './graph.module.css';

interface EditOperationProps {
  document: Node;
  /** null: not stored yet. */
  stored: Answer<'GET /admin/operations/:id'> | null;
  children?: ReactNode;
}

/** The form of an operation that is not approved. */
export function EditOperation({ document, stored, children }: EditOperationProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm<Node>(document);
  const { values, set } = form;
  const preview = useMutation({
    mutationFn: () => call('POST /admin/operations/preview', { body: { document: values } }),
  });
  const save = (isApproved: boolean): Promise<boolean> =>
    form.send(async (node) => {
      const body = { document: node };
      const saved = stored
        ? await call('PUT /admin/operations/:id', { params: { id: stored.id }, body, ifMatch: stored.revision })
        : await call('POST /admin/operations', { body });
      const { id } = saved;
      if (isApproved)
        await call('POST /admin/operations/:id/approve', { params: { id }, body: {}, ifMatch: saved.revision });
      await client.invalidateQueries({ queryKey: operationQueries.all });
      await navigate({ to: '/operations/$id', params: { id }, replace: stored === null });
      toastDone(isApproved ? 'Approved: graphs can use it' : 'Saved');
    });
  useActions([
    { id: 'save', label: 'Save', keys: 'Mod+S', run: () => void save(false) },
    { id: 'approve', label: 'Approve', keys: 'Mod+Shift+Enter', run: () => void save(true) },
    { id: 'preview', label: 'Preview the script', keys: 'Mod+Enter', run: () => preview.mutate() },
  ]);
  return (
    <Page
      title={stored === null ? 'New operation' : values.title || 'Untitled operation'}
      beside={<Badge>{stored === null ? 'new' : 'draft'}</Badge>}
      actions={
        <>
          <Button isPending={preview.isPending} onPress={() => preview.mutate()}>
            Preview the script
          </Button>
          <Button isPending={form.isPending} onPress={() => void save(false)}>
            Save
          </Button>
          <Button tone="primary" isPending={form.isPending} onPress={() => void save(true)}>
            Approve
          </Button>
        </>
      }
    >
      {form.problem && <Notice tone="bad">{form.problem.message}</Notice>}
      <div className={styles.form}>
        {children}
        <TextField label="Title" isRequired value={values.title} onChange={(title) => set('title', title)} />
        <TextField
          label="Description"
          rows={2}
          value={values.description}
          onChange={(text) => set('description', text)}
        />
        <EditPorts values={values} set={set} />
        {values.parameters.filter(isFixed).map((parameter) => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            isEditable
            onChange={(value) =>
              set(
                'parameters',
                values.parameters.map((one) => (one.name === parameter.name ? { ...one, value } : one)),
              )
            }
          />
        ))}
        <EditOwnParameters values={values} set={set} />
      </div>
      {(preview.data || preview.error) && (
        <Section title="Script as it would run">
          {preview.error ? (
            <Notice tone="bad">{preview.error.message}</Notice>
          ) : (
            <CodeBlock text={preview.data!.text} what="script" />
          )}
        </Section>
      )}
    </Page>
  );
}

const isFixed = ({ removable }: Node['parameters'][number]): boolean => !removable;
