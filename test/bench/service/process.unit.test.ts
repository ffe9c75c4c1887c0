import { expect, test } from 'vitest';
import { parseMachineStat, parseMemory, parseSchedstat } from '../../../bench/service/process.ts';

test('the schedstat of a thread begins with the nanoseconds that it has run', () => {
  expect(parseSchedstat('1234567890 987654 4321\n')).toBe(1234.56789);
});

test('the work of the machine excludes idle time and waiting for disks', () => {
  const text = 'cpu  100 20 30 4000 500 6 7 8 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n';
  expect(parseMachineStat(text)).toBe((100 + 20 + 30 + 6 + 7 + 8) * 10);
});

test('the memory of a process is its resident set', () => {
  expect(parseMemory('Name:\tworkerd\nVmPeak:\t  999 kB\nVmRSS:\t    2048 kB\nRssAnon:\t 1 kB\n')).toBe(2_097_152);
});
