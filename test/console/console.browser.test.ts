import { afterAll } from 'vitest';
import { house } from './support/stage.ts';

// One file, so that one service and one browser serve all suites, while other projects run.
import.meta.glob('./*.suite.ts', { eager: true });

afterAll(() => house?.close());
