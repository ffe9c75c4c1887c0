import { useState } from 'react';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { CATEGORIES, type ActionInfo } from './action-info.rules';
import styles from './workflow.module.css';

/** The actions by category, found by a few letters. Enter adds the first one. */
export function AddStep(props: {
  actions: readonly ActionInfo[];
  where: string;
  onAdd: (action: ActionInfo) => void;
  onClose: () => void;
}) {
  const { actions, where, onAdd, onClose } = props;
  const [text, setText] = useState('');
  const wanted = text.toLowerCase();
  const found = actions.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(wanted));
  return (
    <Dialog title={`Add a step ${where}`} isOpen onClose={onClose} width="wide">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (found[0]) onAdd(found[0]);
        }}
      >
        <TextField label="Find an action" type="search" autoFocus value={text} onChange={setText} />
      </form>
      {CATEGORIES.map((category) => {
        const of = found.filter((action) => action.category === category);
        if (of.length === 0) return null;
        return (
          <section key={category} className={styles.category} aria-label={category}>
            <h3>{category}</h3>
            {of.map((action) => (
              <div key={action.name} className={styles.action}>
                <Button onPress={() => onAdd(action)}>{action.name}</Button>
                <span className={styles.quiet}>{action.title}</span>
              </div>
            ))}
          </section>
        );
      })}
      {found.length === 0 && <p>No action has these words.</p>}
    </Dialog>
  );
}
