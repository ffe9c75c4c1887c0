import { ShownOnce } from '../../kit/shown-once';

/** A password that was made for a person: with the address and the name, what they need to sign in. */
export const ShowPassword = ({ name, password, onDone }: { name: string; password: string; onDone: () => void }) => (
  <ShownOnce title={`Password of ${name}`} value={password} onDone={onDone}>
    <p>
      Send it to the person on a private way, with the address <code>{location.origin}/console/</code> and the name{' '}
      <code>{name}</code>. They change it under Account.
    </p>
  </ShownOnce>
);
