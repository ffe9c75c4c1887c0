import { isListed } from '../../egress/egress.rules';
import type { Issue } from '../../../kernel/errors';
import type { Mention } from '../../code/mention.rules';
import type { EndpointRules } from './endpoint.schema';
import type { EndpointsAround } from './endpoints-around';

type Lists = Pick<EndpointRules, 'egress' | 'secrets'>;

/** Returns the hosts and secrets among `mentions` that an endpoint does not list: the code fails when it uses them. */
const unlistedIn = (mentions: readonly Mention[], { egress, secrets }: Lists): Mention[] =>
  mentions.filter(
    ({ kind, name }) => (kind === 'host' && !isListed(name, egress)) || (kind === 'secret' && !secrets.includes(name)),
  );

const messageOf = ({ kind, name }: Mention): string =>
  kind === 'host'
    ? `sends requests to ${name}, which egress does not list`
    : `reads the secret ${name}, which secrets does not list`;

/** Returns warnings about an endpoint; `who` is the code that names the hosts and secrets. */
export const warnUnlisted = (mentions: readonly Mention[], lists: Lists, who: string): Issue[] =>
  unlistedIn(mentions, lists).map((mention) => ({
    pointer: mention.kind === 'host' ? '#/egress' : '#/secrets',
    code: 'not_listed',
    message: `${who} ${messageOf(mention)}`,
  }));

/** Returns what a source names and the endpoints around its handler do not list, with the endpoint in each message. */
export const unlistedAround = (
  mentions: readonly Mention[],
  { linked, attaching }: EndpointsAround,
): { mention: Mention; message: string }[] =>
  [...linked, ...attaching].flatMap(({ path, rules }) =>
    unlistedIn(mentions, rules).map((mention) => ({
      mention,
      message: `in the endpoint ${path}: it ${messageOf(mention)}`,
    })),
  );
