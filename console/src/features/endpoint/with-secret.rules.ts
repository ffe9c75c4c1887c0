import type { Endpoint } from './endpoint.queries';

/** Returns the list of an endpoint's secrets with one more, where it lacks the one that a setting names. */
export const withSecret = ({ secrets }: Pick<Endpoint, 'secrets'>, name: string | undefined): { secrets?: string[] } =>
  name === undefined || name === '' || secrets.includes(name) ? {} : { secrets: [...secrets, name] };
