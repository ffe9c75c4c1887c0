/** The `worker` log of a node: its script, boxed, and its end. */

const RULE = '#'.repeat(40);
const box = (title: string): string => `${RULE}\n# ${title}\n${RULE}\n`;

/** Returns the part written before the script starts. */
export const scriptLog = (script: string): string => `${box('Running script:')}${script}\n${box('End script')}`;

/** Added when the script failed. */
export const FAILED_LOG = `${box('JOB FAILED')}Process returned non-zero value`;

/** Returns the line added when the script was stopped at its time limit. */
export const timedOutLog = (minutes: number): string => `# killed: timed out after ${minutes} minutes\n`;

/** Added when the command was empty. */
export const EMPTY_LOG = '# The command is empty: this operation does nothing\n';
