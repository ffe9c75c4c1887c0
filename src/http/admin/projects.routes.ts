import * as z from 'zod';
import { applyPlan, makePlan } from '../../core/projects/apply/apply-plan';
import { putBlob, putBlobs } from '../../core/projects/apply/put-blob';
import { exportObjects } from '../../core/projects/export-objects';
import { pageOf, PageQuery } from '../../kernel/page';
import { getProject, listProjects } from '../../core/projects/get-project';
import {
  Applied,
  ApplyInput,
  BlobParams,
  ExportedObject,
  MAX_BLOB_BYTES,
  Plan,
  PlanInput,
  Project,
  ProjectParams,
  ProjectState,
  UploadsInput,
} from '../../core/projects/project.schema';
import { route } from '../wire/route';

const tag = 'Projects';

export const projectRoutes = [
  route({
    id: 'listProjects',
    method: 'get',
    path: '/admin/projects',
    verb: listProjects,
    tag,
    summary: 'List projects by name',
    answers: { 200: z.object({ items: z.array(Project) }) },
    args: () => [],
  }),
  route({
    id: 'getProject',
    method: 'get',
    path: '/admin/projects/:name',
    verb: getProject,
    tag,
    summary: 'Read what a project pushed, and what became of it',
    params: ProjectParams,
    answers: { 200: ProjectState },
    args: ({ params }) => [params.name],
  }),
  route({
    id: 'planPush',
    method: 'post',
    path: '/admin/projects/:name/plan',
    verb: makePlan,
    tag,
    summary: 'Compare a folder with its last push and this service',
    params: ProjectParams,
    body: PlanInput,
    answers: { 200: Plan },
    notReplayable: true,
    args: ({ params, body }) => [params.name, body],
  }),
  route({
    id: 'applyPlan',
    method: 'post',
    path: '/admin/projects/:name/apply',
    verb: applyPlan,
    tag,
    summary: 'Apply the plan that was shown',
    params: ProjectParams,
    body: ApplyInput,
    answers: { 200: Applied },
    notReplayable: true,
    args: ({ params, body }) => [params.name, body],
  }),
  route({
    id: 'exportObjects',
    method: 'get',
    path: '/admin/export',
    verb: exportObjects,
    tag,
    summary: 'List all definitions, as a push takes them',
    query: PageQuery,
    answers: { 200: pageOf(ExportedObject) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'putBlobs',
    method: 'post',
    path: '/admin/blobs',
    verb: putBlobs,
    tag,
    summary: 'Upload texts for the next push',
    body: UploadsInput,
    answers: { 204: null },
    notReplayable: true,
    args: ({ body }) => [body],
  }),
  route({
    id: 'putBlob',
    method: 'put',
    path: '/admin/blobs/:hash',
    verb: putBlob,
    tag,
    summary: 'Upload a source for the next push',
    params: BlobParams,
    maxBytes: MAX_BLOB_BYTES,
    answers: { 204: null },
    args: ({ params, bytes }) => [params.hash, bytes!],
  }),
] as const;
