import { Button } from './button';
import styles from './more.module.css';

/** The end of a list by pages: how many rows are there, and the button that gets the next ones. */
export const More = ({
  count,
  what,
  hasMore,
  isPending,
  onMore,
}: {
  count: number;
  what: string;
  hasMore: boolean;
  isPending: boolean;
  onMore: () => void;
}) => (
  <div className={styles.more}>
    <span role="status">
      {count} {what}
      {hasMore ? ', and more' : ''}
    </span>
    {hasMore && (
      <Button isPending={isPending} onPress={onMore}>
        Show more
      </Button>
    )}
  </div>
);
