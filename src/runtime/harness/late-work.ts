/** Returns the error of work that a call left behind and that was not done in `ms`. */
export const overdue = (ms: number): { name: string; message: string; stack: string } => ({
  name: 'TimeoutError',
  message: `the work after the answer was not done within ${ms / 1000} s, and was given up`,
  stack: '',
});
