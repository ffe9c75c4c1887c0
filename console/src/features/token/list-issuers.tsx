import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../kit/badge';
import { printable } from '../../kit/json-tree.rules';
import { Empty, Loaded } from '../../kit/state';
import { Table, type Column } from '../../kit/table';
import { endpointQueries, type UsedIssuer } from '../endpoint/endpoint.queries';

const COLUMNS: readonly Column<UsedIssuer>[] = [
  {
    id: 'issuer',
    header: 'Issuer',
    cell: ({ issuer }) => (
      <Link to="/endpoints" search={{ issuer }} data-row="">
        {printable(issuer)}
      </Link>
    ),
  },
  { id: 'names', header: 'Name', shown: 'medium', cell: ({ names }) => names.join(', ') },
  { id: 'endpoints', header: 'Endpoints', align: 'end', cell: ({ endpoints }) => endpoints.toLocaleString('en') },
  {
    id: 'audience',
    header: 'Audience',
    shown: 'medium',
    cell: ({ anyAudience, endpoints }) =>
      anyAudience === 0 ? (
        'checked'
      ) : (
        <Badge tone="warn">{anyAudience === endpoints ? 'any' : `any at ${anyAudience.toLocaleString('en')}`}</Badge>
      ),
  },
];

/** Issuers whose tokens open endpoints, such as Auth0 or Entra; each leads to its endpoints. */
export const Issuers = () => (
  <Loaded query={useQuery(endpointQueries.issuers)} what="issuers">
    {({ items, more }) =>
      items.length === 0 ? (
        <Empty title="No endpoint takes tokens of others" action={<Link to="/endpoints">Endpoints</Link>}>
          Tokens of Auth0, Clerk, Entra, Supabase, Firebase and others may open an endpoint. Add their issuer at an
          endpoint, under Access.
        </Empty>
      ) : (
        <>
          <Table label="Issuers" rows={items} columns={COLUMNS} keyOf={({ issuer }) => issuer} />
          <p role="status">
            {items.length.toLocaleString('en')} {items.length === 1 ? 'issuer' : 'issuers'}
            {more && ', and more'}
          </p>
        </>
      )
    }
  </Loaded>
);
