import { describe } from 'vitest';
import { CASES } from '../../runner.cases';
import { runContract, type ContractCase } from '../../runner.contract';

describe('pooled', () => runContract('python', 'pooled', CASES));

// Every case starts a CPython, and a mode differs in how an outcome gets out, not in what the language does: one case of each outcome.
const outcomeOf = ({ expect: { error, kind, logs } }: ContractCase): string =>
  `${error ? 'failed' : (kind ?? 'text')}${logs ? ' with logs' : ''}`;
const ofPython = CASES.filter(({ sources }) => sources.python !== undefined);
const ONE_OF_EACH = [...new Map(ofPython.map((one) => [outcomeOf(one), one])).values()];

for (const mode of ['per-call', 'shared'] as const) describe(mode, () => runContract('python', mode, ONE_OF_EACH));
