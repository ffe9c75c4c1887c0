import { describe, vi } from 'vitest';
import { CASES } from './runner.cases';
import { runContract } from './runner.contract';

/** Each case boots an isolate in each mode, and a machine that is busy otherwise takes its time over that. */
vi.setConfig({ testTimeout: 30_000 });

for (const mode of ['pooled', 'per-call', 'shared'] as const) describe(mode, () => runContract('python', mode, CASES));
