/** The report of code that did not run, or returned none: a `Report` of the runtime. */
export const NO_REPORT = Object.freeze({ logs: [], logsCut: false, steps: [], chars: 0, lateError: null });
