import { useNavigate } from '@tanstack/react-router';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  Autocomplete,
  Dialog,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  Header,
  useFilter,
} from 'react-aria-components';
import { call, type Answer } from '../api/call';
import { useRights } from '../api/session';
import { openActions } from './actions';
import { addressOfId } from './address-of-id.rules';
import { PLACES } from './navigation';
import styles from './palette.module.css';

interface Entry {
  id: string;
  label: string;
  keys?: string;
  run: () => void;
}

/** Everything that can be done here, every place, and every object, by a few letters of its name. An id leads to what it names. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const { contains } = useFilter({ sensitivity: 'base' });
  const sections = useSections(text.trim());
  const run = (id: string): void => {
    const entry = sections.flatMap(({ entries }) => entries).find((one) => one.id === id);
    onClose();
    entry?.run();
  };
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className={styles.overlay}>
      <Modal className={styles.modal}>
        <Dialog aria-label="Find" className={styles.dialog}>
          <Autocomplete
            // Objects that the service found are shown whatever their names: it may have found a title.
            filter={(value, input, node) => String(node.key).startsWith('object ') || contains(value, input)}
            inputValue={text}
            onInputChange={setText}
          >
            <SearchField aria-label="Find an action, a page or an id" autoFocus className={styles.field}>
              <Input className={styles.input} placeholder="Find an action, a page or an id" />
            </SearchField>
            <Menu
              className={styles.list}
              aria-label="Found"
              items={sections}
              onAction={(key) => run(String(key))}
              renderEmptyState={() => <p className={styles.nothing}>Nothing has this name.</p>}
            >
              {({ id, title, entries }) => (
                <MenuSection id={id} items={entries}>
                  <Header className={styles.title}>{title}</Header>
                  <MenuEntries entries={entries} />
                </MenuSection>
              )}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const MenuEntries = ({ entries }: { entries: readonly Entry[] }) =>
  entries.map(({ id, label, keys }) => (
    <MenuItem key={id} id={id} textValue={label} className={styles.item}>
      <span>{label}</span>
      {keys && <kbd>{keys.replaceAll('+', ' ').replace('Mod', 'Ctrl')}</kbd>}
    </MenuItem>
  ));

const labelOf = ({ noun, name }: Answer<'GET /admin/search'>['items'][number]): string =>
  noun === 'endpoint' ? `/u/${name}` : `${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${name}`;

function useSections(text: string): { id: string; title: string; entries: Entry[] }[] {
  const navigate = useNavigate();
  const { may } = useRights();
  const address = addressOfId(text);
  const { data: found } = useQuery({
    queryKey: ['search', text],
    queryFn: ({ signal }) => call('GET /admin/search', { query: { q: text }, signal }),
    enabled: text.length >= 2,
    placeholderData: keepPreviousData,
  });
  const objects = (text.length >= 2 ? (found?.items ?? []) : []).flatMap((object) => {
    const to = addressOfId(object.id);
    if (to === null) return [];
    return [{ id: `object ${object.id}`, label: labelOf(object), run: () => void navigate({ to }) }];
  });
  const sections = [
    {
      id: 'id',
      title: 'By id',
      entries: address === null ? [] : [{ id: 'go', label: `Open ${text}`, run: () => void navigate({ to: address }) }],
    },
    { id: 'here', title: 'On this page', entries: openActions() },
    { id: 'objects', title: 'Found', entries: objects },
    {
      id: 'places',
      title: 'Go to',
      entries: PLACES.filter(({ permission }) => may(permission)).map(({ to, label, letter }) => ({
        id: to,
        label,
        keys: `g ${letter}`,
        run: () => void navigate({ to }),
      })),
    },
  ];
  return sections.filter(({ entries }) => entries.length > 0);
}
