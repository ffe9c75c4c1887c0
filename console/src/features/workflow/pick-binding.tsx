import { Link2 } from 'lucide-react';
import {
  Autocomplete,
  Dialog,
  DialogTrigger,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Popover,
  SearchField,
  useFilter,
} from 'react-aria-components';
import { Button } from '../../kit/button';
import fieldStyles from '../../kit/field.module.css';
import { shownValue, type Binding } from './bindings.rules';
import styles from './workflow.module.css';

/** Sources of a value, with the values of the last run, by a few letters. */
export default function PickBinding(props: {
  label: string;
  bindings: readonly Binding[];
  onPick: (path: string) => void;
}) {
  const { label, bindings, onPick } = props;
  const { contains } = useFilter({ sensitivity: 'base' });
  const groups = [...new Set(bindings.map(({ group }) => group))];
  return (
    <DialogTrigger>
      <Button icon={<Link2 />} aria-label={`Bind ${label}`} />
      <Popover className={`${fieldStyles.popover} ${styles.picker}`} placement="bottom end">
        <Dialog aria-label={`Bind ${label}`} className={styles.pickerBody}>
          {({ close }) => (
            <Autocomplete filter={contains}>
              <SearchField aria-label="Find a value" autoFocus>
                <Input className={fieldStyles.input} placeholder="Find a value" />
              </SearchField>
              <Menu
                aria-label="Values of the last run"
                className={fieldStyles.list}
                onAction={(key) => {
                  onPick(String(key));
                  close();
                }}
                renderEmptyState={() => <p>Nothing has this name.</p>}
              >
                {groups.map((group) => (
                  <MenuSection key={group}>
                    <Header className={styles.group}>{group}</Header>
                    {bindings
                      .filter((one) => one.group === group)
                      .map(({ path, value }) => (
                        <MenuItem key={path} id={path} textValue={path} className={fieldStyles.option}>
                          <code>{path}</code> <span className={styles.quiet}>{shownValue(value)}</span>
                        </MenuItem>
                      ))}
                  </MenuSection>
                ))}
              </Menu>
            </Autocomplete>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
