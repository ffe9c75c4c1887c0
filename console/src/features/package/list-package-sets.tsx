import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/call';
import { rolesFor, useRights } from '../../api/session';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { CheckField } from '../../kit/choice-field';
import { Question } from '../../kit/dialog';
import { Page, Section } from '../../kit/page';
import { PagedTable } from '../../kit/paged-table';
import { Empty, NoRight } from '../../kit/state';
import type { Column } from '../../kit/table';
import { toastDone, toastFailed } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import { ListWheels } from './list-wheels';
import { packageQueries, type PackageSet } from './package.queries';
import { PutPackageSet } from './put-package-set';

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** The sets of Python packages that scripts may declare, and the wheels that sets can be made of. */
export function ListPackageSets() {
  const { may, whyNot } = useRights();
  const [isMaking, setMaking] = useState(false);
  const [deleted, setDeleted] = useState<string>();
  const query = useInfiniteQuery({ ...packageQueries.sets, enabled: may('handler.read') });
  const make = (): void => setMaking(true);
  useActions(may('package.write') ? [{ id: 'new', label: 'New package set', keys: 'n', run: make }] : []);
  if (!may('handler.read'))
    return (
      <Page title="Python packages">
        <NoRight what="Python packages" roles={rolesFor('handler.read')} />
      </Page>
    );
  const button = (
    <Button tone="primary" icon={<Plus />} reason={whyNot('package.write')} onPress={make}>
      New set
    </Button>
  );
  return (
    <Page title="Python packages" actions={button}>
      <Section title="Sets">
        <PagedTable
          label="Sets"
          words={['set', 'sets']}
          query={query}
          columns={columnsOf(whyNot('package.write'), setDeleted)}
          keyOf={({ name }) => name}
          empty={
            <Empty title="No set yet">
              A script declares the packages that it imports, and runs on the smallest set that has them. Upload wheels
              below and make a set of them, or have one built with the deploy.
            </Empty>
          }
        />
      </Section>
      <ListWheels />
      {isMaking && <PutPackageSet onClose={() => setMaking(false)} />}
      {deleted !== undefined && <DeletePackageSet name={deleted} onClose={() => setDeleted(undefined)} />}
    </Page>
  );
}

const columnsOf = (reason: string | undefined, onDelete: (name: string) => void): readonly Column<PackageSet>[] => [
  { id: 'name', header: 'Set', cell: ({ name }) => <strong>{name}</strong> },
  {
    id: 'packages',
    header: 'Packages',
    shown: 'always',
    cell: ({ packages }) => packages.map(({ name, version }) => `${name} ${version}`).join(', '),
  },
  {
    id: 'memory',
    header: 'Memory',
    shown: 'wide',
    cell: ({ memory }) => `${mb(memory.snapshot)} of ${mb(memory.limit)}`,
  },
  {
    id: 'from',
    header: 'From',
    shown: 'medium',
    cell: ({ name, uploaded }) =>
      uploaded ? (
        <Button reason={reason} onPress={() => onDelete(name)} aria-label={`Delete the set ${name}…`}>
          Delete…
        </Button>
      ) : (
        <Badge>the deploy</Badge>
      ),
  },
];

function DeletePackageSet({ name, onClose }: { name: string; onClose: () => void }) {
  const client = useQueryClient();
  const [isForced, setForced] = useState(false);
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      call('DELETE /admin/package-sets/:name', { params: { name }, query: isForced ? { force: 'true' } : {} }),
    onError: toastFailed,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: packageQueries.all });
      toastDone(`Deleted the set ${name}.`);
      onClose();
    },
  });
  return (
    <Question
      title={`Delete the set ${name}?`}
      verb="Delete set"
      isOpen
      isPending={isPending}
      onClose={onClose}
      onConfirm={() => mutate()}
    >
      <p>No handler that is saved from now on gets it.</p>
      <CheckField isSelected={isForced} onChange={setForced}>
        Delete it although handlers use it: the versions that were saved with it keep it.
      </CheckField>
    </Question>
  );
}
