import type { Report } from '../../runtime/types';

/** The report of code that did not run. */
export const NO_REPORT: Report = Object.freeze({ logs: [], logsCut: false, steps: [], lateError: null });
