export const ENDPOINT_LOGS = ['full', 'metadata', 'audited', 'off'] as const;
export type EndpointLog = (typeof ENDPOINT_LOGS)[number];
