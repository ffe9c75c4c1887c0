export { RateLimiter } from './entrypoints/rate-limiter.do';
export { SharedInstance } from './runtime/shared-instance';

export default { fetch: () => new Response('ok') } satisfies ExportedHandler<Env>;
