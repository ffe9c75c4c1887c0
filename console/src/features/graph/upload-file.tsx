import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import type { Node } from '../../../../src/plynx/document/node.schema';
import { uploadBytes } from '../../api/upload';
import { Button } from '../../kit/button';
import { SelectField } from '../../kit/select-field';
import { toastDone, toastFailed } from '../../kit/toast';
import { fileTypeOf, FILE_TYPE_NAMES } from './file-types.rules';
import { operationQueries } from './graph.queries';
import styles from './graph.module.css';

/** Stores a file of this machine as one that graphs can use. */
export function UploadFile({ reason, onUploaded }: { reason: string | undefined; onUploaded: (node: Node) => void }) {
  const client = useQueryClient();
  const [type, setType] = useState<string>('auto');
  const { mutate, isPending } = useMutation({
    mutationFn: (file: File) =>
      uploadBytes<{ document: Node }>('/admin/files', file, {
        title: file.name.slice(0, 200),
        type: type === 'auto' ? fileTypeOf(file.name) : type,
      }),
    onSuccess: async ({ document }) => {
      await client.invalidateQueries({ queryKey: operationQueries.all });
      toastDone(`Stored ${document.title}`);
      onUploaded(document);
    },
    onError: toastFailed,
  });
  return (
    <div className={styles.pair}>
      <SelectField
        label="Type of a new file"
        value={type}
        options={[
          { value: 'auto', label: 'by its name' },
          ...FILE_TYPE_NAMES.map((name) => ({ value: name, label: name })),
        ]}
        onChange={setType}
      />
      <FileTrigger onSelect={(files) => files?.[0] && mutate(files[0])}>
        <Button reason={reason} isPending={isPending}>
          Upload a file…
        </Button>
      </FileTrigger>
    </div>
  );
}
