import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Upload } from 'lucide-react';
import { FileTrigger } from 'react-aria-components';
import { call } from '../../api/call';
import { useRights } from '../../api/session';
import { uploadBytes } from '../../api/upload';
import { Button } from '../../kit/button';
import { Section } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { Empty } from '../../kit/state';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { toastDone, toastFailed } from '../../kit/toast';
import { packageQueries, type Wheel } from './package.queries';

/** The wheels that were uploaded: what sets can be made of. */
export function ListWheels() {
  const { whyNot } = useRights();
  const client = useQueryClient();
  const query = useInfiniteQuery(packageQueries.wheels);
  const reread = (): Promise<void> => client.invalidateQueries({ queryKey: packageQueries.all });
  const upload = useMutation({
    mutationFn: uploadWheels,
    onSuccess: (files) => toastDone(files.length === 1 ? `Stored ${files[0]}.` : `Stored ${files.length} packages.`),
    onError: toastFailed,
    onSettled: reread,
  });
  const remove = useMutation({
    mutationFn: ({ sha256 }: Wheel) => call('DELETE /admin/python/packages/:hash', { params: { hash: sha256 } }),
    onSuccess: (_, { file }) => toastDone(`Deleted ${file}. Sets keep what they were made of.`),
    onError: toastFailed,
    onSettled: reread,
  });
  const reason = whyNot('package.write');
  const button = (
    <FileTrigger acceptedFileTypes={['.whl']} allowsMultiple onSelect={(files) => files && upload.mutate([...files])}>
      <Button icon={<Upload />} reason={reason} isPending={upload.isPending}>
        Upload wheels…
      </Button>
    </FileTrigger>
  );
  const columns: readonly Column<Wheel>[] = [
    { id: 'file', header: 'File', cell: ({ file }) => <code>{file}</code> },
    { id: 'requires', header: 'Needs', shown: 'wide', cell: ({ requires }) => requires.join(', ') || 'nothing' },
    { id: 'created', header: 'Uploaded', shown: 'medium', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      id: 'delete',
      header: 'Delete',
      shown: 'medium',
      cell: (wheel) => (
        <Button reason={reason} onPress={() => remove.mutate(wheel)} aria-label={`Delete ${wheel.file}`}>
          Delete
        </Button>
      ),
    },
  ];
  return (
    <Section title="Uploaded packages" aside={button}>
      <PagedTable
        label="Uploaded packages"
        words={['package', 'packages']}
        query={query}
        columns={columns}
        keyOf={({ sha256 }) => sha256}
        empty={
          <Empty title="Nothing uploaded">
            Wheels of pure packages (py3-none-any), or those compiled for this runtime (cp314,
            pyemscripten_2026_0_wasm32), of at most 16 MiB.
          </Empty>
        }
      />
    </Section>
  );
}

/** Uploads files one after the other. Returns their names. */
async function uploadWheels(files: File[]): Promise<string[]> {
  for (const file of files) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    await uploadBytes('/admin/python/packages', file, { file: file.name, sha256 });
  }
  return files.map(({ name }) => name);
}
