import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Use, Uses } from '../../../../src/core/uses/use.schema';
import { Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { addressOfObject } from '../../shell/address-of-id.rules';
import { textOfUse } from './use.rules';
import styles from './use.module.css';

interface ListUsesProps {
  title: string;
  query: UseQueryResult<Uses>;
  /** Said when there is none. */
  none: string;
  /** Uses that this list is about; all without it. */
  only?: (use: Use) => boolean;
}

/** Users of an object, with a link to each. */
export const ListUses = ({ title, query, none, only = () => true }: ListUsesProps) => (
  <Section title={title}>
    <Loaded query={query} what={title.toLowerCase()}>
      {({ items, more }) => {
        const shown = items.filter(only);
        if (shown.length === 0 && !more) return <p>{none}</p>;
        return (
          <ul className={styles.list}>
            {shown.map((use) => (
              <li key={`${use.noun} ${use.id} ${use.as}`}>
                <UseLink use={use} /> <span className={styles.as}>{textOfUse(use)}</span>
              </li>
            ))}
            {more && <li>and others, or some that you may not see</li>}
          </ul>
        );
      }}
    </Loaded>
  </Section>
);

function UseLink({ use: { noun, id, name } }: { use: Use }) {
  const address = addressOfObject(noun, id);
  const text = noun === 'endpoint' ? `/u/${name}` : name;
  return address === null ? text : <Link to={address}>{text}</Link>;
}
