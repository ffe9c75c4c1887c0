import { pageOf } from '../../kernel/page';
import { deletePackage } from '../../core/publishing/packages/delete-package';
import { deletePackageSet } from '../../core/publishing/packages/delete-package-set';
import { listPackages } from '../../core/publishing/packages/list-packages';
import { listPackageSets } from '../../core/publishing/packages/list-package-sets';
import {
  ListPackageSetsQuery,
  ListPackagesQuery,
  MAX_WHEEL_BYTES,
  PackageParams,
  PackageSetParams,
  PackageSetSummary,
  PutPackageSetInput,
  UploadedPackage,
  UploadPackageQuery,
} from '../../core/publishing/packages/package.schema';
import { putPackageSet } from '../../core/publishing/packages/put-package-set';
import { uploadPackage } from '../../core/publishing/packages/upload-package';
import { forceQuery } from '../../core/uses/use.schema';
import { route } from '../wire/route';

const tag = 'Python packages';

export const packageSetRoutes = [
  route({
    id: 'listPackageSets',
    method: 'get',
    path: '/admin/package-sets',
    verb: listPackageSets,
    tag,
    summary: 'List the sets of Python packages',
    query: ListPackageSetsQuery,
    answers: { 200: pageOf(PackageSetSummary) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'putPackageSet',
    method: 'put',
    path: '/admin/package-sets/:name',
    verb: putPackageSet,
    tag,
    summary: 'Make a set of uploaded packages, or replace it',
    params: PackageSetParams,
    body: PutPackageSetInput,
    answers: { 200: PackageSetSummary },
    args: ({ params, body }) => [params.name, body],
  }),
  route({
    id: 'deletePackageSet',
    method: 'delete',
    path: '/admin/package-sets/:name',
    verb: deletePackageSet,
    tag,
    summary: 'Delete a set of uploaded packages',
    params: PackageSetParams,
    query: forceQuery('versions that were saved with it keep it until they are deleted'),
    answers: { 204: null },
    args: ({ params, query }) => [params.name, query.force === 'true'],
  }),
  route({
    id: 'uploadPackage',
    method: 'post',
    path: '/admin/python/packages',
    verb: uploadPackage,
    tag,
    summary: 'Upload a wheel',
    query: UploadPackageQuery,
    maxBytes: MAX_WHEEL_BYTES,
    // By its hash, a repeat is known anyway.
    notReplayable: true,
    answers: { 201: UploadedPackage },
    args: ({ query, bytes }) => [query, bytes!],
  }),
  route({
    id: 'listPackages',
    method: 'get',
    path: '/admin/python/packages',
    verb: listPackages,
    tag,
    summary: 'List uploaded wheels, newest first',
    query: ListPackagesQuery,
    answers: { 200: pageOf(UploadedPackage) },
    args: ({ query }) => [query],
  }),
  route({
    id: 'deletePackage',
    method: 'delete',
    path: '/admin/python/packages/:hash',
    verb: deletePackage,
    tag,
    summary: 'Delete an uploaded wheel',
    params: PackageParams,
    answers: { 204: null },
    args: ({ params }) => [params.hash],
  }),
] as const;
