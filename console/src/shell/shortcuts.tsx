import { useState } from 'react';
import { CheckField } from '../kit/choice-field';
import { Dialog } from '../kit/dialog';
import { Facts } from '../kit/page';
import { openActions } from './actions';
import { lettersAreOn, switchLetters } from './keys';
import { PLACES } from './navigation';

/** Lists the shortcuts, and switches single letters off. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const [isOn, setOn] = useState(lettersAreOn);
  const general = [
    ['Ctrl K', 'Find an action, a page or an id'],
    ...PLACES.map(({ letter, label }) => [`g ${letter}`, `Go to ${label}`] as const),
    ['/', 'Filter; an arrow down leads to the rows'],
    ['j, k', 'Next and previous row'],
    ['Enter, o', 'Open the row, or in a new tab'],
    ['F6', 'Next part of the screen; Shift F6: the one before'],
    ['Ctrl Z', 'Undo the last act that can be undone'],
    ['?', 'This list'],
  ] as const;
  const here = openActions().flatMap(({ keys, label }) =>
    keys === undefined ? [] : [[keys.replaceAll('+', ' ').replace('Mod', 'Ctrl'), label] as const],
  );
  return (
    <Dialog title="Keyboard shortcuts" isOpen onClose={onClose}>
      <Facts facts={[...here, ...general]} />
      <CheckField
        isSelected={isOn}
        onChange={(on) => {
          switchLetters(on);
          setOn(on);
        }}
      >
        Single letters are shortcuts
      </CheckField>
    </Dialog>
  );
}
