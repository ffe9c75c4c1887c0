/** Header of a Response whose report is fetched later: the id of the report, and `cold` for the first call of an isolate. */
export const PENDING_HEADER = 'x-portico-pending';
