/** Returns the error of work after the response that did not finish within `ms`. */
export const overdue = (ms: number): { name: string; message: string; stack: string } => ({
  name: 'TimeoutError',
  message: `the work after the response did not finish within ${ms / 1000} s and was dropped`,
  stack: '',
});
