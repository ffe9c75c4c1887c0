import answers from './answers.json';
import { batchReferences } from './batch.reference';
import { byPathReferences } from './by-path.reference';
import { draftReferences } from './drafts.reference';
import { endpointReferences } from './endpoints.reference';
import { graphReferences } from './graphs.reference';
import { handlerReferences } from './handlers.reference';
import { instabaseReferences } from './instabase.reference';
import { callReferences } from './calls.reference';
import { keyReferences } from './keys.reference';
import { packageReferences } from './packages.reference';
import { peopleReferences } from './people.reference';
import { projectReferences } from './projects.reference';
import type { OperationReference, References } from './reference';
import { runReferences } from './runs.reference';
import { searchReferences } from './search.reference';
import { secretReferences } from './secrets.reference';
import { providerReferences } from './providers.reference';
import { sessionReferences } from './session.reference';
import { tableReferences } from './tables.reference';
import { templateReferences } from './templates.reference';

/** The reference texts and examples of each operation, by operationId. */
export const REFERENCES: References = {
  ...sessionReferences,
  ...providerReferences,
  ...handlerReferences,
  ...draftReferences,
  ...endpointReferences,
  ...byPathReferences,
  ...keyReferences,
  ...runReferences,
  ...tableReferences,
  ...graphReferences,
  ...searchReferences,
  ...batchReferences,
  ...secretReferences,
  ...projectReferences,
  ...packageReferences,
  ...templateReferences,
  ...peopleReferences,
  ...callReferences,
  ...instabaseReferences,
};

/** Recorded responses to the requests of the examples: `test/http/reference.worker.test.ts` sends all of them. */
export const RECORDED_ANSWERS = answers as Record<string, unknown>;

export const referenceOf = (operationId: string): OperationReference | undefined => REFERENCES[operationId];
