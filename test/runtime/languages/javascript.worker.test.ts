import { describe } from 'vitest';
import { CASES } from '../runner.cases';
import { runContract } from '../runner.contract';

for (const mode of ['pooled', 'per-call', 'shared'] as const) {
  describe(mode, () => {
    runContract('javascript', mode, CASES);
    runContract('typescript', mode, CASES);
  });
}
