import * as z from 'zod';
import {
  BackupManifest,
  MAX_PART_BYTES,
  PartQuery,
  Restore,
  RestorePartQuery,
  RestoreReport,
  StartRestoreInput,
} from '../../core/backup/backup.schema';
import { finishRestore } from '../../core/backup/finish-restore';
import { listRestores } from '../../core/backup/list-restores';
import { endBackup, readBackupPart } from '../../core/backup/read-part';
import { restorePart } from '../../core/backup/restore-part';
import { startRestore } from '../../core/backup/start-restore';
import { takeBackup } from '../../core/backup/take-backup';
import { IdParams, route } from '../wire/route';

const tag = 'Backups';

/** The routes of `npm run backup` and `npm run restore`. Not in the reference: pages are between a service and the commands of its release. */
export const backupRoutes = [
  route({
    id: 'takeBackup',
    method: 'post',
    path: '/admin/backups',
    verb: takeBackup,
    tag,
    summary: 'Take a snapshot, and list its parts',
    answers: { 201: BackupManifest },
    notReplayable: true,
    args: () => [],
  }),
  route({
    id: 'readBackupPart',
    method: 'get',
    path: '/admin/backups/:id/part',
    verb: readBackupPart,
    tag,
    summary: 'Read a page of a part, or a file',
    params: IdParams,
    query: PartQuery,
    files: ['application/octet-stream'],
    answers: { 200: null },
    args: ({ params, query }) => [params.id, query],
  }),
  route({
    id: 'endBackup',
    method: 'delete',
    path: '/admin/backups/:id',
    verb: endBackup,
    tag,
    summary: 'Delete a snapshot',
    params: IdParams,
    answers: { 204: null },
    args: ({ params }) => [params.id],
  }),
  route({
    id: 'listRestores',
    method: 'get',
    path: '/admin/restores',
    verb: listRestores,
    tag,
    summary: 'List restores, newest first',
    answers: { 200: z.object({ items: z.array(Restore) }) },
    args: () => [],
  }),
  route({
    id: 'startRestore',
    method: 'post',
    path: '/admin/restores',
    verb: startRestore,
    tag,
    summary: 'Begin a restore',
    body: StartRestoreInput,
    answers: { 201: z.object({ id: z.string() }) },
    notReplayable: true,
    args: ({ body }) => [body],
  }),
  route({
    id: 'restorePart',
    method: 'put',
    path: '/admin/restores/:id/part',
    verb: restorePart,
    tag,
    summary: 'Load a page of a part, or a file',
    params: IdParams,
    query: RestorePartQuery,
    maxBytes: MAX_PART_BYTES,
    answers: { 204: null },
    args: ({ params, query, bytes }) => [params.id, query, bytes!],
  }),
  route({
    id: 'finishRestore',
    method: 'post',
    path: '/admin/restores/:id/finish',
    verb: finishRestore,
    tag,
    summary: 'Replace what is in use, and end all sessions',
    params: IdParams,
    answers: { 200: RestoreReport },
    notReplayable: true,
    args: ({ params }) => [params.id],
  }),
] as const;
