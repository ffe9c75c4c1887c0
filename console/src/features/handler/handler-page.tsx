import type { ReactNode } from 'react';
import { Badge } from '../../kit/badge';
import { Page } from '../../kit/page';
import { Tabs } from '../../kit/tabs';
import { HandlerMenu } from './handler-menu';
import type { Handler } from './handler.queries';
import styles from './handler.module.css';

const OF_ONE_TAB = ['version', 'from', 'to', 'line', 'step'];

/** The frame of all screens of a handler. */
export function HandlerPage(props: {
  handler: Handler | undefined;
  current: string;
  beside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { handler, current, beside, actions, children } = props;
  const tabs = [
    { id: 'code', label: handler?.language === 'workflow' ? 'Steps' : 'Code' },
    ...(handler?.language === 'workflow' ? [{ id: 'json', label: 'JSON' }] : []),
    { id: 'versions', label: 'Versions' },
    { id: 'uses', label: 'Used by' },
  ];
  return (
    <Page
      title={handler?.path ?? 'Handler'}
      beside={
        handler && (
          <>
            <Badge>{handler.language}</Badge>
            {handler.defaultVersion === null ? (
              <Badge tone="warn">not served</Badge>
            ) : (
              <Badge tone="good">{`v${handler.defaultVersion} served`}</Badge>
            )}
            {beside}
          </>
        )
      }
      actions={
        handler && (
          <>
            {actions}
            <HandlerMenu handler={handler} />
          </>
        )
      }
      below={<Tabs label="Parts of the handler" tabs={tabs} current={current} without={OF_ONE_TAB} />}
    >
      {children}
    </Page>
  );
}

/** The one state that an editor shows. */
export const State = ({ draft: { word, isBad } }: { draft: { word: string; isBad: boolean } }) => (
  <span role="status" className={styles.state} data-tone={isBad ? 'bad' : undefined}>
    {word}
  </span>
);
