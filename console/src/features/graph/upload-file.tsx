import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { uploadBytes } from '../../api/upload';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { FormDialog } from '../../kit/form-dialog';
import { SelectField } from '../../kit/select-field';
import { toastDone } from '../../kit/toast';
import { fileTypeOf, FILE_TYPE_NAMES } from './file-types.rules';
import { operationQueries } from './graph.queries';

interface UploadFileProps {
  reason: string | undefined;
  onUploaded: (node: Node) => void;
}

/** Stores a file of this machine as one that graphs can use. */
export function UploadFile({ reason, onUploaded }: UploadFileProps) {
  const [file, setFile] = useState<File | null>(null);
  return (
    <>
      <FileTrigger onSelect={(files) => setFile(files?.[0] ?? null)}>
        <Button reason={reason}>Upload a file…</Button>
      </FileTrigger>
      {file && <DescribeFile file={file} onUploaded={onUploaded} onClose={() => setFile(null)} />}
    </>
  );
}

const TYPES = FILE_TYPE_NAMES.map((name) => ({ value: name, label: name }));

function DescribeFile(props: { file: File; onUploaded: (node: Node) => void; onClose: () => void }) {
  const { file, onUploaded, onClose } = props;
  const client = useQueryClient();
  const form = useForm({ title: file.name.slice(0, 200), description: '', type: fileTypeOf(file.name) as string });
  const send = async (): Promise<void> => {
    let stored: Node | null = null;
    await form.send(async (values) => {
      ({ document: stored } = await uploadBytes<{ document: Node }>('/admin/files', file, values));
      await client.invalidateQueries({ queryKey: operationQueries.all });
    });
    if (stored === null) return;
    toastDone(`Stored ${form.values.title}`);
    onClose();
    onUploaded(stored);
  };
  return (
    <FormDialog
      title="Upload a file"
      verb="Upload"
      form={form}
      isReady={form.values.title !== ''}
      onSend={() => void send()}
      onClose={onClose}
    >
      <TextField label="Title" autoFocus {...form.field('title')} />
      <TextField label="Description" rows={2} {...form.field('description')} />
      <SelectField label="Type" options={TYPES} {...form.field('type')} />
    </FormDialog>
  );
}
