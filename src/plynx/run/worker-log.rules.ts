/** The `worker` log of a node: what ran, boxed, and how it ended. */

const RULE = '#'.repeat(40);
const box = (title: string): string => `${RULE}\n# ${title}\n${RULE}\n`;

/** The part written before the script starts. */
export const scriptLog = (script: string): string => `${box('Running script:')}${script}\n${box('End script')}`;

/** What is added when the script failed. */
export const FAILED_LOG = `${box('JOB FAILED')}Process returned non-zero value`;

/** What is added when the script was stopped at its time limit. */
export const timedOutLog = (minutes: number): string => `# killed: timed out after ${minutes} minutes\n`;

/** What is added when there was nothing to run. */
export const EMPTY_LOG = '# The command is empty: this operation does nothing\n';
